# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.motion_type import MotionType
    from ..models.video_tool import VideoTool
    from ..models.yes_no import YesNo


@define(kw_only=True, repr=False)
class CreateVideosForm(Model):
    """How the scenes are animated. Objects are JSON text.

    Attributes:
        title: Title of the story. Default: "".
        storyboard: The storyboard, edited, as JSON text; if omitted, the story's own is used. v2
            takes the object itself, whose elements have `image_url` instead of `URL`.
        scenes: The scenes, edited, as the JSON text of a list; left out, the storyboard's are used.
            They are laid over the storyboard's by position, field by field. In v2: `storyboard.scenes`,
            which is replaced as a whole.
        is_transition: "Yes" adds transitions between the scenes. A boolean in revised v1 and in v2.
            Default: No.
        motion_type: Model that animates the scenes. In v2: `video_tool`, which knows few of these
            names; "Auto" or the tool of the same family is the nearest. TryOnVideo, Parallax and
            StaticMotion have no successor. Default: Auto.
        video_tool: Model that animates, in revised v1; wins over `motion_type`. The same in v2.
        duration: Length of each video in seconds, 1 to 10. v2 takes a number, not text. Default: 5.
        loop: How often each motion is repeated, 1 to 6. v2 has no such field; it is dropped.
            Default: 1.
        sound_effects: "Yes" adds sound effects. v2 takes no audio on this step, and "Yes" is
            dropped: say it at step 1 or on scenes, as `audio_option.native_audio`. Default: No.
        native_audio: Lets the video model make the sound (revised v1, which ignores it here). v2
            takes no audio on this step; it is dropped: say it at step 1 or on scenes, as
            `audio_option.native_audio`.
        webhook_url: URL that receives a POST once the story is finished.
    """

    title: str | None = None
    storyboard: str | None = None
    scenes: str | None = None
    is_transition: YesNo | str | bool | None = None
    motion_type: MotionType | str | None = None
    video_tool: VideoTool | str | None = None
    duration: int | None = None
    loop: int | None = None
    sound_effects: YesNo | str | None = None
    native_audio: bool | None = None
    webhook_url: str | None = None
