# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Literal

VisibilityStatus = Literal["0", "1", "2"]

VISIBILITY_STATUS_VALUES: set[VisibilityStatus] = {
    "0",
    "1",
    "2",
}


def check_visibility_status(value: str) -> VisibilityStatus:
    if value in VISIBILITY_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {VISIBILITY_STATUS_VALUES!r}")
