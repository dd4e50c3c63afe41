# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from typing import Literal

MediaItemPosition = Literal["First", "Last"]

MEDIA_ITEM_POSITION_VALUES: set[MediaItemPosition] = {
    "First",
    "Last",
}


def check_media_item_position(value: str) -> MediaItemPosition:
    if value in MEDIA_ITEM_POSITION_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {MEDIA_ITEM_POSITION_VALUES!r}")
