# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.aspect_ratio import AspectRatio
    from ..models.media_audio_option import MediaAudioOption
    from ..models.media_item import MediaItem
    from ..models.pipeline_mode import PipelineMode
    from ..models.video_tool import VideoTool
    from ..models.visibility_status import VisibilityStatus


@define(kw_only=True, repr=False)
class UpdateMediaRequest(Model):
    """The body of update_media. Omitted fields stay unchanged; null is accepted everywhere and its
    effect is not documented.

    Attributes:
        title: Title of the media. Free.
        description: Description of the media. Free.
        visibility_status: Who can see it: 0 is private, 1 unlisted, 2 public. Free.
        rating: Its rating, as text. Free.
        webhook_url: URL for a POST once the media is final. Free.
        media_items: Images, videos and audio to use as the first frame, the last frame or the
            sound. Paid.
        prompt: The content of the video. Paid.
        video_tool: The model that animates. Paid.
        quantity: Number of videos to generate, 1 to 4 (version 1's bounds). Paid.
        duration: Length in seconds, 1 to 10 (version 1's bounds). The page titles it Scene
            Duration. Paid.
        loop: How often the motion is repeated, 1 to 6 (version 1's bounds). Paid.
        audio_option: The sound of the video. Paid.
        aspect_ratio: Aspect ratio of the video. Paid.
        pipeline_mode: Quality of the processing of the images and the video. Paid.
    """

    title: str | None = None
    description: str | None = None
    visibility_status: VisibilityStatus | str | None = None
    rating: str | None = None
    webhook_url: str | None = None
    media_items: list[MediaItem] | None = None
    prompt: str | None = None
    video_tool: VideoTool | str | None = None
    quantity: int | None = None
    duration: int | None = None
    loop: int | None = None
    audio_option: MediaAudioOption | None = None
    aspect_ratio: AspectRatio | str | None = None
    pipeline_mode: PipelineMode | str | None = None
