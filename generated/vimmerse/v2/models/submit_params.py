# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from attrs import define
from vimmerse._http.models import Model


@define(kw_only=True, repr=False)
class SubmitParams(Model):
    """The processing of a media.

    Attributes:
        native_audio: Whether it has sound effects and lip sync.
        file_size: Largest file in MB, as text; may be empty.
        scale_factor: Scale of the video, as text.
    """

    native_audio: bool | None = None
    file_size: str | None = None
    scale_factor: str | None = None
