# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.media_detail import MediaDetail


@define(kw_only=True, repr=False)
class MediaDetailEnvelope(Model):
    """A media, wrapped once or twice. v2 has no wrapper.

    Attributes:
        data: The media, or an object that holds it under `data`.
    """

    data: MediaDetail | None = None
