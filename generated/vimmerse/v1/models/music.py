# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from attrs import define
from vimmerse._http.models import Model


@define(kw_only=True, repr=False)
class Music(Model):
    """The background music of a storyboard.

    Attributes:
        description: The style of the music.
        lyrics: The lyrics; may be empty.
        music_url: URL of the track; one of your own may be given.
    """

    description: str | None = None
    lyrics: str | None = None
    music_url: str | None = None
