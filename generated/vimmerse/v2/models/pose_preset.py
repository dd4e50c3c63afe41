# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.aspect_ratio import AspectRatio
    from ..models.video_tool import VideoTool


@define(kw_only=True, repr=False)
class PosePreset(Model):
    """The motion of a media.

    Attributes:
        motion_type: The model that animates.
        prompt: The content of the video.
        quantity: Number of videos.
        motion_length: Length in seconds.
        loop: How often the motion is repeated.
        aspect_ratio: Aspect ratio of the video.
    """

    motion_type: VideoTool | str | None = None
    prompt: str | None = None
    quantity: int | None = None
    motion_length: int | None = None
    loop: int | None = None
    aspect_ratio: AspectRatio | str | None = None
