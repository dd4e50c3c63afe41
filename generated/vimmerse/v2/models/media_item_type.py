# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Literal

MediaItemType = Literal["audio", "image", "video"]

MEDIA_ITEM_TYPE_VALUES: set[MediaItemType] = {
    "audio",
    "image",
    "video",
}


def check_media_item_type(value: str) -> MediaItemType:
    if value in MEDIA_ITEM_TYPE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {MEDIA_ITEM_TYPE_VALUES!r}")
