# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.animation_model import AnimationModel
    from ..models.aspect_ratio import AspectRatio
    from ..models.camera_path import CameraPath
    from ..models.motion_type import MotionType
    from ..models.narrator import Narrator
    from ..models.video_tool import VideoTool
    from ..models.visibility_status import VisibilityStatus
    from ..models.yes_no import YesNo


@define(kw_only=True, repr=False)
class CreateMediaForm(Model):
    """A video from URLs or a prompt. Objects are JSON text, and booleans True, true, 1, Yes or on.

    Attributes:
        title: Title of the media. Default: "".
        description: Description of the media. Default: "".
        visibility_status: Who can see the media: "0" private, "1" unlisted, "2" public. v2 accepts
            it on update only, so any value other than "1" needs a second call there, which is free.
            Default: 1.
        rating: Rating of the media; empty for none. v2 accepts it on update only, so it needs a
            second call there, which is free.
        image_urls: URLs of the first and, with a second one, the last frame. The key is repeated.
            Ignored where files are given. In v2: `media_items` with the positions First and Last.
        media_items: Images and videos to start from or to end with, as the JSON text of a list; the
            way to extend an existing video. Wins over files and URLs. v2 takes the list itself.
        prompt: What happens in the video. Default: "".
        motion_type: Model that animates. In v2: `video_tool`, which knows few of these names;
            "Auto" or the tool of the same family is the nearest. TryOnVideo, Parallax and StaticMotion
            have no successor. Default: Auto.
        video_tool: Model that animates, in revised v1; wins over `motion_type`. The same in v2.
        camera_control: Path of the camera. Original v1's values are for the motion type Parallax
            alone, revised v1 has its own (Static, Crane up, …). v2 has no such field; it is dropped:
            describe the camera in `prompt`. Default: HorizontalArc.
        quantity: Number of videos, 1 to 4. v2 takes a number, not text. Default: 1.
        duration: Length of the video in seconds, 1 to 10. v2 takes a number, not text. Default: 5.
        loop: How often the motion is repeated, 1 to 6. v2 takes a number, not text. Default: 1.
        motion_range: Amount of motion, 1 to 10. v2 has no such field; it is dropped. Default: 5.
        sound_effects: "Yes" adds sound effects. In v2 `audio_option.native_audio`. Default: No.
        native_audio: Whether the video model generates the sound (revised v1); wins over
            `sound_effects`. In v2 `audio_option.native_audio`.
        audio_option: Narration, music and native audio in one object, as JSON text (revised v1);
            its keys win over the single fields. v2 takes the object itself.
        narrator: Voice of `narration` (revised v1, earlier form). In v2 `audio_option.narrator`.
        narration: The narration text (revised v1, earlier form). In v2 `audio_option.narration`.
        narration_url: URL of a recorded narration, which wins over `narration` (revised v1, earlier
            form). In v2 `audio_option.narration_url`.
        bg_music_prompt: The style of the background music (revised v1, earlier form). In v2
            `audio_option.bg_music_prompt`.
        bg_music_url: URL of the background music (revised v1, earlier form). In v2
            `audio_option.bg_music_url`.
        extend_video: "Yes" extends the video that was given. v2 has no successor. Default: No.
        character_animate: "Yes" animates a character; a boolean in revised v1. v2 has no successor.
            Default: No.
        model: Model for animating a character (S2V) or for the motion type TryOnVideo (the others).
            v2 has neither: there is no successor.
        aspect_ratio: Shape of the video.
        webhook_url: URL that receives a POST once the media is finished.
    """

    title: str | None = None
    description: str | None = None
    visibility_status: VisibilityStatus | str | None = None
    rating: str | None = None
    image_urls: list[str] | None = None
    media_items: str | None = None
    prompt: str | None = None
    motion_type: MotionType | str | None = None
    video_tool: VideoTool | str | None = None
    camera_control: CameraPath | str | None = None
    quantity: int | None = None
    duration: int | None = None
    loop: int | None = None
    motion_range: int | None = None
    sound_effects: YesNo | str | None = None
    native_audio: bool | None = None
    audio_option: str | None = None
    narrator: Narrator | str | None = None
    narration: str | None = None
    narration_url: str | None = None
    bg_music_prompt: str | None = None
    bg_music_url: str | None = None
    extend_video: YesNo | str | bool | None = None
    character_animate: YesNo | str | bool | None = None
    model: AnimationModel | str | None = None
    aspect_ratio: AspectRatio | str | None = None
    webhook_url: str | None = None
