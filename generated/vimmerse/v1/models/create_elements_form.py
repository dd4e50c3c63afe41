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


@define(kw_only=True, repr=False)
class CreateElementsForm(Model):
    """The appearance of the elements.

    Attributes:
        option: Model that draws the images. The elements step does not list FluxFinetuned. In v2:
            `image_tool`, which knows few of these names; for most of them "AutoI" is the nearest.
            Default: FluxKontextPro.
        image_tool: Model that draws the images, in revised v1; wins over `option`. The same in v2.
        seed: Seed of the image generation. v2 has no such field; it is dropped.
        aspect_ratio: Shape of the elements' images; "16:9" without it in revised v1. Default: 9:16.
        storyboard: The storyboard, edited, as JSON text; if omitted, the story's own is used. v2
            takes the object itself, whose elements have `image_url` instead of `URL`.
        enhance_image: Sharpens the images afterwards, by super-resolution at their own size. v2 has
            no such field; it is dropped. Default: false.
        background_music: Adds background music. v2 takes no audio on this step, and false is
            dropped: say it at step 1 or on scenes, as `audio_option.has_bg_music`. Default: true.
        has_bg_music: Adds background music (revised v1, which ignores it here). v2 takes no audio
            on this step; it is dropped: say it at step 1 or on scenes, as `audio_option.has_bg_music`.
    """

    option: ImageOption | str | None = None
    image_tool: ImageTool | str | None = None
    seed: int | None = None
    aspect_ratio: AspectRatio | str | None = None
    storyboard: str | None = None
    enhance_image: bool | None = None
    background_music: bool | None = None
    has_bg_music: bool | None = None
