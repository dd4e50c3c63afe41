# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.narrator import Narrator


@define(kw_only=True, repr=False)
class MediaAudioOption(Model):
    """The sound of a media, in revised v1. The same in v2.

    Attributes:
        narrator: Voice of `narration`.
        narration: The narration text.
        narration_url: URL of a recorded narration, which wins over `narration`.
        bg_music_prompt: The style of the background music.
        bg_music_url: URL of the background music.
        native_audio: Whether the video model generates the sound. Default: false.
    """

    narrator: Narrator | str | None = None
    narration: str | None = None
    narration_url: str | None = None
    bg_music_prompt: str | None = None
    bg_music_url: str | None = None
    native_audio: bool | None = None
