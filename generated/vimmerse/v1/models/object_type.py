# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Literal

ObjectType = Literal["bullet_video_mp4"]

OBJECT_TYPE_VALUES: set[ObjectType] = {
    "bullet_video_mp4",
}


def check_object_type(value: str) -> ObjectType:
    if value in OBJECT_TYPE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {OBJECT_TYPE_VALUES!r}")
