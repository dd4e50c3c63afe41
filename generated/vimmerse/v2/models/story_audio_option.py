# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.narrator import Narrator


@define(kw_only=True, repr=False)
class StoryAudioOption(Model):
    """The sound of a story, for the one-call flows and steps 1 and 2. Narration and music cost
    nothing extra; native audio doubles the price of the scenes' videos.

    Attributes:
        narrator: The voice, used only with narration and without native audio. Default: AutoV.
        has_narration: Whether to add a narration. Ignored with native audio. Default: true.
        has_bg_music: Whether to add music. Default: true.
        native_audio: Sound effects and lip sync; switches narration off. Doubles the price.
            Default: false.
    """

    narrator: Narrator | str | None = None
    has_narration: bool | None = None
    has_bg_music: bool | None = None
    native_audio: bool | None = None
