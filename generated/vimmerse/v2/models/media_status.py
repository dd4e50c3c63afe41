# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Literal

MediaStatus = Literal[
    "canceled", "cancelled", "error", "failed", "new", "processing", "queued", "success"
]

MEDIA_STATUS_VALUES: set[MediaStatus] = {
    "canceled",
    "cancelled",
    "error",
    "failed",
    "new",
    "processing",
    "queued",
    "success",
}


def check_media_status(value: str) -> MediaStatus:
    if value in MEDIA_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {MEDIA_STATUS_VALUES!r}")
