# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.aspect_ratio import AspectRatio
    from ..models.elements import Elements
    from ..models.language import Language
    from ..models.story_audio_option import StoryAudioOption


@define(kw_only=True, repr=False)
class CreateStoryboardRequest(Model):
    """The body of step 1. Give an idea, image URLs, or both.

    Attributes:
        idea: What the video is about.
        image_urls: URLs of the scenes' images, in order; each becomes a scene.
        scene_count: Number of scenes. Default: 3 (inferred).
        title: Title of the story.
        language: Language of the narration.
        aspect_ratio: Aspect ratio of the images and the video.
        elements: Elements for the storyboard to use: it refers to them by name and description, and
            their images can be generated or replaced later, at step 1.5. Without any, they follow from
            the idea. Scenes are not accepted here.
        audio_option: The sound of a story, for the one-call flows and steps 1 and 2. Narration and
            music cost nothing extra; native audio doubles the price of the scenes' videos.
    """

    idea: str | None = None
    image_urls: list[str] | None = None
    scene_count: int | None = None
    title: str | None = None
    language: Language | str | None = None
    aspect_ratio: AspectRatio | str | None = None
    elements: Elements | None = None
    audio_option: StoryAudioOption | None = None
