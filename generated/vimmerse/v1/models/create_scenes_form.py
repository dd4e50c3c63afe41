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
    from ..models.narrator import Narrator
    from ..models.yes_no import YesNo


@define(kw_only=True, repr=False)
class CreateScenesForm(Model):
    """The appearance and sound of the scenes. Objects are JSON text.

    Attributes:
        option: Model that draws the images. The elements step does not list FluxFinetuned. In v2:
            `image_tool`, which knows few of these names; for most of them "AutoI" is the nearest.
            Default: FluxKontextPro.
        image_tool: Model that draws the images, in revised v1; wins over `option`. The same in v2.
        seed: Seed of the image generation. v2 has no such field; it is dropped.
        aspect_ratio: Shape of the images. Default: 16:9.
        storyboard: The storyboard, edited, as JSON text; if omitted, the story's own is used. v2
            takes the object itself, whose elements have `image_url` instead of `URL`.
        enhance_image: Sharpens the images afterwards, by super-resolution at their own size. On
            scenes, revised v1 does not, unless it is true. v2 has no such field; it is dropped.
            Default: true.
        generate_elements: Draws the characters and objects first, so that they look the same in all
            scenes. Only the options FluxKontextPro, FluxKontextMax and OpenAI-Image-1 use it. v2 has no
            such field; it is dropped. The elements step of v2 does the same work. Default: true.
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

    option: ImageOption | str | None = None
    image_tool: ImageTool | str | None = None
    seed: int | None = None
    aspect_ratio: AspectRatio | str | None = None
    storyboard: str | None = None
    enhance_image: bool | None = None
    generate_elements: bool | None = None
    narrator: Narrator | str | None = None
    background_music: bool | None = None
    sound_effects: YesNo | str | None = None
    audio_option: str | None = None
    native_audio: bool | None = None
    has_narration: bool | None = None
    has_bg_music: bool | None = None
