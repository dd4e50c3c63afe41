# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.narrator import Narrator


@define(kw_only=True, repr=False)
class StoryAudioOption(Model):
    """The sound of a story, in revised v1. The same in v2.

    Attributes:
        narrator: Voice of the narration. v2's default is another. Default: Rachel.
        has_narration: Adds a narration; not with native audio. Default: true.
        has_bg_music: Adds background music. Default: true.
        native_audio: Lets the video model make the sound; switches the narration off and doubles
            the price. Default: false.
    """

    narrator: Narrator | str | None = None
    has_narration: bool | None = None
    has_bg_music: bool | None = None
    native_audio: bool | None = None
