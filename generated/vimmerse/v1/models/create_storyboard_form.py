# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.aspect_ratio import AspectRatio
    from ..models.language import Language
    from ..models.narrator import Narrator
    from ..models.visibility_status import VisibilityStatus
    from ..models.yes_no import YesNo


@define(kw_only=True, repr=False)
class CreateStoryboardForm(Model):
    """A storyboard from an idea, as a form. Objects are JSON text.

    Attributes:
        story_id: Story to edit instead of making a new one (revised v1). v2 has no such field and
            would make a second story, so there is no successor.
        idea: What the video is about; may be empty. Default: "".
        title: Title of the story. Default: "".
        scene_count: Number of scenes. The page's table has a default; its text says that the number
            is chosen automatically when left out. With images it is their number. v2 takes a number,
            not text. Default: 3.
        language: Language of the texts and the narration, in revised v1. The same in v2.
        aspect_ratio: Shape of the video. Default: 16:9.
        visibility_status: Who can see the story: "0" private, "1" unlisted, "2" public. v2 has no
            such field on stories, so v2 can't create a private story. Default: 1.
        elements: Characters, environments and objects that the storyboard must use, as JSON text
            (revised v1). v2 takes the object itself.
        image_urls: URLs of images to build the scenes on, in order (revised v1). On a form the key
            is repeated. The same in v2.
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
    """

    story_id: str | None = None
    idea: str | None = None
    title: str | None = None
    scene_count: int | None = None
    language: Language | str | None = None
    aspect_ratio: AspectRatio | str | None = None
    visibility_status: VisibilityStatus | str | None = None
    elements: str | None = None
    image_urls: list[str] | None = None
    narrator: Narrator | str | None = None
    background_music: bool | None = None
    sound_effects: YesNo | str | None = None
    audio_option: str | None = None
    native_audio: bool | None = None
    has_narration: bool | None = None
    has_bg_music: bool | None = None
