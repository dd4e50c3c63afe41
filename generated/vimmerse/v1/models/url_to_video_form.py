# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.aspect_ratio import AspectRatio
    from ..models.image_option import ImageOption
    from ..models.image_tool import ImageTool
    from ..models.language import Language
    from ..models.motion_type import MotionType
    from ..models.narrator import Narrator
    from ..models.video_tool import VideoTool
    from ..models.visibility_status import VisibilityStatus
    from ..models.yes_no import YesNo


@define(kw_only=True, repr=False)
class UrlToVideoForm(Model):
    """A video from an idea and a web page, as a form. Objects are JSON text.

    Attributes:
        idea: What the video is about, with the URL of the page. Default: "".
        title: Title of the story. Default: "".
        description: Description of the story. v2 has no such field; it is dropped. Default: "".
        visibility_status: Who can see the story: "0" private, "1" unlisted, "2" public. v2 has no
            such field on stories, so v2 can't create a private story. Default: 1.
        scene_count: Number of scenes. The page's table has a default; its text says that the number
            is chosen automatically when left out. v2 takes a number, not text. Default: 3.
        option: Model that draws the images. The elements step does not list FluxFinetuned. In v2:
            `image_tool`, which knows few of these names; for most of them "AutoI" is the nearest.
            Default: FluxKontextPro.
        image_tool: Model that draws the images, in revised v1; wins over `option`. The same in v2.
        generate_elements: Draws the characters and objects first, so that they look the same in all
            scenes. Only the options FluxKontextPro, FluxKontextMax and OpenAI-Image-1 use it. v2 has no
            such field; it is dropped. The elements step of v2 does the same work. Default: true.
        enhance_image: Sharpens the images afterwards, by super-resolution at their own size. On
            scenes, revised v1 does not, unless it is true. v2 has no such field; it is dropped.
            Default: true.
        seed: Seed of the image generation. v2 has no such field; it is dropped.
        aspect_ratio: Shape of the video. Default: 16:9.
        is_transition: "Yes" adds transitions between the scenes. A boolean in revised v1 and in v2.
            Default: No.
        motion_type: Model that animates the scenes. In v2: `video_tool`, which knows few of these
            names; "Auto" or the tool of the same family is the nearest. TryOnVideo, Parallax and
            StaticMotion have no successor. Default: Auto.
        video_tool: Model that animates, in revised v1; wins over `motion_type`. The same in v2.
        duration: Length of each scene in seconds, 1 to 10. In v2: `scene_duration`, which is 5 or
            10. Default: 5.
        scene_duration: Length of each scene in seconds, 5 or 10, in revised v1; wins over
            `duration`. The same in v2.
        loop: How often each motion is repeated, 1 to 6. A narrator overrules it. v2 has no such
            field on stories; it is dropped. Default: 1.
        language: Language of the texts and the narration, in revised v1. The same in v2.
        elements: Characters, environments and objects that the storyboard must use, as JSON text
            (revised v1). v2 takes the object itself.
        narrator: Voice that reads the narration. Both revisions have the same default. In v2:
            `audio_option.narrator`, which has another. Default: Rachel.
        background_music: Adds background music. In v2 `audio_option.has_bg_music`. Default: true.
        sound_effects: "Yes" adds sound effects. In v2: `audio_option.native_audio`, which also
            switches the narration off and doubles the price. Default: No.
        audio_option: Narration, music and native audio in one object, as JSON text (revised v1);
            its keys win over the single fields. v2 takes the object itself.
        native_audio: Whether the video model generates the sound (revised v1). In v2:
            `audio_option.native_audio`, which also switches the narration off and doubles the price.
        has_narration: Adds a narration (revised v1). In v2 `audio_option.has_narration`.
        has_bg_music: Adds background music (revised v1); wins over `background_music`. In v2
            `audio_option.has_bg_music`.
        webhook_url: URL that receives a POST once the story is finished.
    """

    idea: str | None = None
    title: str | None = None
    description: str | None = None
    visibility_status: VisibilityStatus | str | None = None
    scene_count: int | None = None
    option: ImageOption | str | None = None
    image_tool: ImageTool | str | None = None
    generate_elements: bool | None = None
    enhance_image: bool | None = None
    seed: int | None = None
    aspect_ratio: AspectRatio | str | None = None
    is_transition: YesNo | str | bool | None = None
    motion_type: MotionType | str | None = None
    video_tool: VideoTool | str | None = None
    duration: int | None = None
    scene_duration: int | None = None
    loop: int | None = None
    language: Language | str | None = None
    elements: str | None = None
    narrator: Narrator | str | None = None
    background_music: bool | None = None
    sound_effects: YesNo | str | None = None
    audio_option: str | None = None
    native_audio: bool | None = None
    has_narration: bool | None = None
    has_bg_music: bool | None = None
    webhook_url: str | None = None
