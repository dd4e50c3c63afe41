# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.aspect_ratio import AspectRatio
    from ..models.language import Language
    from ..models.story_audio_option import StoryAudioOption
    from ..models.video_tool import VideoTool


@define(kw_only=True, repr=False)
class ImagesToVideoRequest(Model):
    """The body of images-2-video. Whether `idea` is required is not documented.

    Attributes:
        image_urls: URLs of the images, in order; each becomes a scene.
        idea: What the video is about.
        title: Title of the story.
        aspect_ratio: Aspect ratio of the video.
        video_tool: The model that animates, which determines the price. Default: Auto (inferred).
        scene_duration: Length of each scene in seconds, 5 or 10 (the bound is published, not
            documented). Default: 5 (inferred).
        is_transition: Whether each image flows into the next one.
        audio_option: The sound of a story, for the one-call flows and steps 1 and 2. Narration and
            music cost nothing extra; native audio doubles the price of the scenes' videos.
        language: Language of the narration.
        webhook_url: URL for a POST once the story is final.
    """

    image_urls: list[str]
    idea: str | None = None
    title: str | None = None
    aspect_ratio: AspectRatio | str | None = None
    video_tool: VideoTool | str | None = None
    scene_duration: int | None = None
    is_transition: bool | None = None
    audio_option: StoryAudioOption | None = None
    language: Language | str | None = None
    webhook_url: str | None = None
