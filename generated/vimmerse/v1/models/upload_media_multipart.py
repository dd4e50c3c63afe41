# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..types import File


@define(kw_only=True, repr=False)
class UploadMediaMultipart(Model):
    """Images and the field `data`.

    Attributes:
        image: The first and, with a second one, the last frame; of more, the latest is the last
            frame. In v2: upload each through POST /v2/image and give the URLs as `media_items` with the
            positions First and Last.
        data: All other fields, as the JSON text of a MediaUploadData. v2 takes the fields
            themselves, as JSON.
    """

    image: list[File] | None = None
    data: str | None = None
