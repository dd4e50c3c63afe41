# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.storyboard import Storyboard
    from ..models.video_tool import VideoTool


@define(kw_only=True, repr=False)
class CreateVideosRequest(Model):
    """The body of step 3.

    Attributes:
        title: New title of the story.
        video_tool: The model that animates, which determines the price. Default: Auto (inferred).
        duration: Length of each scene in seconds, 1 to 10 (version 1's bounds). Default: 5
            (inferred).
        is_transition: Whether each scene flows into the next one.
        storyboard: The plan of a story. Parts that a step omits stay unchanged.
        webhook_url: URL for a POST once the story is final.
    """

    title: str | None = None
    video_tool: VideoTool | str | None = None
    duration: int | None = None
    is_transition: bool | None = None
    storyboard: Storyboard | None = None
    webhook_url: str | None = None
