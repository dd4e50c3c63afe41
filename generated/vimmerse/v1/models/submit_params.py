# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.pipeline_preset import PipelinePreset
    from ..models.yes_no import YesNo


@define(kw_only=True, repr=False)
class SubmitParams(Model):
    """How a media is processed. The page recommends the defaults, and to ask the vendor first.

    Attributes:
        scale_factor: Scale of the video, as text, from 0 to 2. v2 takes none; it is dropped.
            Default: 1.
        pipeline_preset: How thoroughly the media is processed. In v2: `pipeline_mode`, "Advanced"
            for "Normal". Default: Fast.
        file_size: Largest size of a video in megabytes, as text ("1.6"); empty for no limit. v2
            takes none; it is dropped. Default: "".
        sound_effects: "Yes" adds sound effects. Responses show it in lower case, too. In v2
            `audio_option.native_audio`. Default: No.
        native_audio: Whether there is native audio; in responses of revised v1, in place of
            original v1's `sound_effects`.
    """

    scale_factor: str | None = None
    pipeline_preset: PipelinePreset | str | None = None
    file_size: str | None = None
    sound_effects: YesNo | str | None = None
    native_audio: bool | None = None
