# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from attrs import define
from vimmerse._http.models import Model


@define(kw_only=True, repr=False)
class ConcatStoryForm(Model):
    """The videos to join; empty for all of the story.

    Attributes:
        concat_video_urls: URLs of the videos to join, in order. The key is repeated. v2 takes a
            list in JSON.
        audio_urls: URLs of the audio tracks of the joined video. The key is repeated. v2 takes a
            list in JSON.
    """

    concat_video_urls: list[str] | None = None
    audio_urls: list[str] | None = None
