# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.motion_type import MotionType


@define(kw_only=True, repr=False)
class PosePreset(Model):
    """One motion. In v2 a media has one, spread over `video_tool`, `prompt`, `quantity`,
    `duration`, `loop` and `aspect_ratio`.

    Attributes:
        motion_type: Model that animates. In v2 `video_tool`.
        params: The motion's details, as `Key=value` joined by `|`: "Prompt=A bunny
            jumps|Quantity=1|MotionLength=5". Only the keys of `x-params` are keys, so a prompt may hold
            `|` and `=`.
    """

    motion_type: MotionType | str | None = field(default=None, metadata={"name": "MotionType"})
    params: str | None = field(default=None, metadata={"name": "Params"})
