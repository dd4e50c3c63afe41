# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.narrator import Narrator


@define(kw_only=True, repr=False)
class MediaAudioOption(Model):
    """The sound of a media. Audio among the media items takes precedence; this is ignored for
    those.

    Attributes:
        narrator: The voice of the narration. Default: AutoV.
        narration: The narration text. Default: null.
        narration_url: URL of a recording (MP3 or WAV); wins over `narration` and `narrator`.
            Default: null.
        bg_music_prompt: The style of the generated music. Default: null.
        bg_music_url: URL of a music track. Default: null.
        native_audio: Sound effects and lip sync, for tools that can. Doubles the price. Default:
            false.
    """

    narrator: Narrator | str | None = None
    narration: str | None = None
    narration_url: str | None = None
    bg_music_prompt: str | None = None
    bg_music_url: str | None = None
    native_audio: bool | None = None
