# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Literal

StoryStatus = Literal["fail", "new", "processing", "success"]

STORY_STATUS_VALUES: set[StoryStatus] = {
    "fail",
    "new",
    "processing",
    "success",
}


def check_story_status(value: str) -> StoryStatus:
    if value in STORY_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {STORY_STATUS_VALUES!r}")
