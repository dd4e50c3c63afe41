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
    from ..models.media_audio_option import MediaAudioOption
    from ..models.media_item import MediaItem
    from ..models.motion_type import MotionType
    from ..models.narrator import Narrator
    from ..models.video_tool import VideoTool
    from ..models.visibility_status import VisibilityStatus
    from ..models.yes_no import YesNo


@define(kw_only=True, repr=False)
class UpdateMediaJson(Model):
    """What to change about a media, as JSON. Only what is given is changed. Objects are JSON
    objects.

    Attributes:
        title: New title; unchanged if omitted. Free.
        description: New description; unchanged if omitted. Free.
        visibility_status: Who can see the media: "0" private, "1" unlisted, "2" public. Unchanged
            if omitted. Free.
        rating: New rating; unchanged if omitted. Free.
        webhook_url: URL that receives a POST once the media is finished; unchanged if omitted.
            Free.
        prompt: What happens in the video; unchanged if omitted. Paid.
        motion_type: Model that animates; unchanged if omitted. Paid. In v2: `video_tool`, which
            knows few of these names.
        video_tool: Model that animates, by the name of v2; wins over `motion_type`. Paid. The same
            in v2.
        quantity: Number of videos, 1 to 4; unchanged if omitted. Paid. v2 takes a number, not text.
        duration: Length of the video in seconds, 1 to 10; unchanged if omitted. Paid. v2 takes a
            number, not text.
        loop: How often the motion is repeated, 1 to 6; unchanged if omitted. Paid. v2 takes a
            number, not text.
        aspect_ratio: Shape of the video; unchanged if omitted. Paid.
        sound_effects: "Yes" adds sound effects; unchanged if omitted. Paid. In v2
            `audio_option.native_audio`.
        media_items: Images, videos and sounds to start from, as a list or as its JSON text. Paid.
            In v2 a list.
        camera_control: Path of the camera; unchanged if omitted. Paid. v2 has no such field; it is
            dropped: describe the camera in `prompt`.
        model: Model for animating a character (S2V) or for the motion type TryOnVideo (the others).
            v2 has neither: there is no successor.
        audio_option: Narration, music and native audio, as an object or as its JSON text; its keys
            win over the single fields. Paid. In v2 an object.
        native_audio: Whether the video model generates the sound (revised v1); wins over
            `sound_effects`. In v2 `audio_option.native_audio`.
        narrator: Voice of `narration` (revised v1, earlier form). In v2 `audio_option.narrator`.
        narration: The narration text (revised v1, earlier form). In v2 `audio_option.narration`.
        narration_url: URL of a recorded narration, which wins over `narration` (revised v1, earlier
            form). In v2 `audio_option.narration_url`.
        bg_music_prompt: The style of the background music (revised v1, earlier form). In v2
            `audio_option.bg_music_prompt`.
        bg_music_url: URL of the background music (revised v1, earlier form). In v2
            `audio_option.bg_music_url`.
    """

    title: str | None = None
    description: str | None = None
    visibility_status: VisibilityStatus | str | None = None
    rating: str | None = None
    webhook_url: str | None = None
    prompt: str | None = None
    motion_type: MotionType | str | None = None
    video_tool: VideoTool | str | None = None
    quantity: int | None = None
    duration: int | None = None
    loop: int | None = None
    aspect_ratio: AspectRatio | str | None = None
    sound_effects: YesNo | str | None = None
    media_items: list[MediaItem] | str | None = None
    camera_control: CameraPath | str | None = None
    model: AnimationModel | str | None = None
    audio_option: MediaAudioOption | str | None = None
    native_audio: bool | None = None
    narrator: Narrator | str | None = None
    narration: str | None = None
    narration_url: str | None = None
    bg_music_prompt: str | None = None
    bg_music_url: str | None = None
