# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from attrs import define
from vimmerse._http.models import Model


@define(kw_only=True, repr=False)
class ConcatStoryRequest(Model):
    """The videos to join; an empty object joins all the story's videos.

    Attributes:
        concat_video_urls: URLs of the videos to join, in order.
        audio_urls: URLs of the audio tracks of the joined video.
    """

    concat_video_urls: list[str] | None = None
    audio_urls: list[str] | None = None
