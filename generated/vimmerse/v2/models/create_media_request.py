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


@define(kw_only=True, repr=False)
class CreateMediaRequest(Model):
    """The body of create_media. Give a prompt, media items, or both.

    Attributes:
        title: Title of the media.
        description: Description of the media.
        prompt: The content of the video.
        media_items: Images, videos and audio to use as the first frame, the last frame or the
            sound.
        video_tool: The model that animates, which determines the price. Default: Auto (inferred).
        quantity: Number of videos to generate, 1 to 4 (version 1's bounds). Default: 1 (inferred).
        duration: Length in seconds, 1 to 10 (version 1's bounds). Default: 5 (inferred).
        loop: How often the motion is repeated, 1 to 6 (version 1's bounds). Default: 1 (inferred).
        aspect_ratio: Aspect ratio of the video.
        audio_option: The sound of a media. Audio among the media items takes precedence; this is
            ignored for those.
        pipeline_mode: Quality of the processing of the images and the video.
        webhook_url: URL for a POST once the media is final.
    """

    title: str | None = None
    description: str | None = None
    prompt: str | None = None
    media_items: list[MediaItem] | None = None
    video_tool: VideoTool | str | None = None
    quantity: int | None = None
    duration: int | None = None
    loop: int | None = None
    aspect_ratio: AspectRatio | str | None = None
    audio_option: MediaAudioOption | None = None
    pipeline_mode: PipelineMode | str | None = None
    webhook_url: str | None = None
