# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from attrs import define
from vimmerse._http.models import Model


@define(kw_only=True, repr=False)
class MediaResult(Model):
    """A finished video.

    Attributes:
        url: Its URL. In v2 the entry itself is the URL.
        motion_type: The motion that it shows.
    """

    url: str | None = None
    motion_type: str | None = None
