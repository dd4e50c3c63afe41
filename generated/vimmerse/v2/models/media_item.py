# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.media_item_position import MediaItemPosition
    from ..models.media_item_type import MediaItemType


@define(kw_only=True, repr=False)
class MediaItem(Model):
    """An input of a media, used as its first frame, its last frame or its sound. In requests, type
    and url are required.

    Attributes:
        type_: Its kind.
        url: Its URL.
        position: Whether it is the first or the last frame.
    """

    type_: MediaItemType | str | None = field(default=None, metadata={"name": "type"})
    url: str | None = None
    position: MediaItemPosition | str | None = None
