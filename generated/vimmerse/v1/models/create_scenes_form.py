# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.aspect_ratio import AspectRatio, check_aspect_ratio
from ..models.image_option import ImageOption, check_image_option
from ..models.image_tool import ImageTool, check_image_tool
from ..models.narrator import Narrator, check_narrator
from ..models.yes_no import YesNo, check_yes_no
from ..types import UNSET, Unset

T = TypeVar("T", bound="CreateScenesForm")


@_attrs_define
class CreateScenesForm:
    """The appearance and sound of the scenes. Objects are JSON text.

    Attributes:
        option (ImageOption | str | Unset): Model that draws the images. Default "FluxKontextPro". The elements step
            does not list FluxFinetuned. In v2: `image_tool`, which knows few of these names; for most of them "AutoI" is
            the nearest.
        image_tool (ImageTool | str | Unset): Model that draws the images, in revised v1; wins over `option`. The same
            in v2.
        seed (int | Unset): Seed of the image generation. v2 has no such field; it is dropped.
        aspect_ratio (AspectRatio | str | Unset): Shape of the images. Default "16:9".
        storyboard (str | Unset): The storyboard, edited, as JSON text; if omitted, the story's own is used. v2 takes
            the object itself, whose elements have `image_url` instead of `URL`.
        enhance_image (bool | Unset): Sharpens the images afterwards, by super-resolution at their own size. Default
            true; on scenes, false in revised v1. v2 has no such field; it is dropped.
        generate_elements (bool | Unset): Draws the characters and objects first, so that they look the same in all
            scenes. Default true; only the options FluxKontextPro, FluxKontextMax and OpenAI-Image-1 use it. v2 has no such
            field; it is dropped. The elements step of v2 does the same work.
        narrator (Narrator | str | Unset): Voice that reads the narration. Default "Rachel", in both revisions. In v2:
            `audio_option.narrator`, whose default is "AutoV".
        background_music (bool | Unset): Adds background music. Default true. In v2 `audio_option.has_bg_music`.
        sound_effects (str | Unset | YesNo): "Yes" adds sound effects. Default "No". In v2: `audio_option.native_audio`,
            which also switches the narration off and doubles the price.
        audio_option (str | Unset): Narration, music and native audio in one object, as JSON text (revised v1); its keys
            win over the single fields. v2 takes the object itself.
        native_audio (bool | Unset): Whether the video model generates the sound (revised v1). In v2:
            `audio_option.native_audio`, which also switches the narration off and doubles the price.
        has_narration (bool | Unset): Adds a narration (revised v1). In v2 `audio_option.has_narration`.
        has_bg_music (bool | Unset): Adds background music (revised v1); wins over `background_music`. In v2
            `audio_option.has_bg_music`.
    """

    option: ImageOption | str | Unset = UNSET
    image_tool: ImageTool | str | Unset = UNSET
    seed: int | Unset = UNSET
    aspect_ratio: AspectRatio | str | Unset = UNSET
    storyboard: str | Unset = UNSET
    enhance_image: bool | Unset = UNSET
    generate_elements: bool | Unset = UNSET
    narrator: Narrator | str | Unset = UNSET
    background_music: bool | Unset = UNSET
    sound_effects: str | Unset | YesNo = UNSET
    audio_option: str | Unset = UNSET
    native_audio: bool | Unset = UNSET
    has_narration: bool | Unset = UNSET
    has_bg_music: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        option: str | Unset
        if isinstance(self.option, Unset):
            option = UNSET
        elif isinstance(self.option, str):
            option = self.option
        else:
            option = self.option

        image_tool: str | Unset
        if isinstance(self.image_tool, Unset):
            image_tool = UNSET
        elif isinstance(self.image_tool, str):
            image_tool = self.image_tool
        else:
            image_tool = self.image_tool

        seed = self.seed

        aspect_ratio: str | Unset
        if isinstance(self.aspect_ratio, Unset):
            aspect_ratio = UNSET
        elif isinstance(self.aspect_ratio, str):
            aspect_ratio = self.aspect_ratio
        else:
            aspect_ratio = self.aspect_ratio

        storyboard = self.storyboard

        enhance_image = self.enhance_image

        generate_elements = self.generate_elements

        narrator: str | Unset
        if isinstance(self.narrator, Unset):
            narrator = UNSET
        elif isinstance(self.narrator, str):
            narrator = self.narrator
        else:
            narrator = self.narrator

        background_music = self.background_music

        sound_effects: str | Unset
        if isinstance(self.sound_effects, Unset):
            sound_effects = UNSET
        elif isinstance(self.sound_effects, str):
            sound_effects = self.sound_effects
        else:
            sound_effects = self.sound_effects

        audio_option = self.audio_option

        native_audio = self.native_audio

        has_narration = self.has_narration

        has_bg_music = self.has_bg_music

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if option is not UNSET:
            field_dict["option"] = option
        if image_tool is not UNSET:
            field_dict["image_tool"] = image_tool
        if seed is not UNSET:
            field_dict["seed"] = seed
        if aspect_ratio is not UNSET:
            field_dict["aspect_ratio"] = aspect_ratio
        if storyboard is not UNSET:
            field_dict["storyboard"] = storyboard
        if enhance_image is not UNSET:
            field_dict["enhance_image"] = enhance_image
        if generate_elements is not UNSET:
            field_dict["generate_elements"] = generate_elements
        if narrator is not UNSET:
            field_dict["narrator"] = narrator
        if background_music is not UNSET:
            field_dict["background_music"] = background_music
        if sound_effects is not UNSET:
            field_dict["sound_effects"] = sound_effects
        if audio_option is not UNSET:
            field_dict["audio_option"] = audio_option
        if native_audio is not UNSET:
            field_dict["native_audio"] = native_audio
        if has_narration is not UNSET:
            field_dict["has_narration"] = has_narration
        if has_bg_music is not UNSET:
            field_dict["has_bg_music"] = has_bg_music

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_option(data: object) -> ImageOption | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                option_type_0 = check_image_option(data)

                return option_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ImageOption | str | Unset, data)

        option = _parse_option(d.pop("option", UNSET))

        def _parse_image_tool(data: object) -> ImageTool | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                image_tool_type_0 = check_image_tool(data)

                return image_tool_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ImageTool | str | Unset, data)

        image_tool = _parse_image_tool(d.pop("image_tool", UNSET))

        seed = d.pop("seed", UNSET)

        def _parse_aspect_ratio(data: object) -> AspectRatio | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                aspect_ratio_type_0 = check_aspect_ratio(data)

                return aspect_ratio_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AspectRatio | str | Unset, data)

        aspect_ratio = _parse_aspect_ratio(d.pop("aspect_ratio", UNSET))

        storyboard = d.pop("storyboard", UNSET)

        enhance_image = d.pop("enhance_image", UNSET)

        generate_elements = d.pop("generate_elements", UNSET)

        def _parse_narrator(data: object) -> Narrator | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                narrator_type_0 = check_narrator(data)

                return narrator_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Narrator | str | Unset, data)

        narrator = _parse_narrator(d.pop("narrator", UNSET))

        background_music = d.pop("background_music", UNSET)

        def _parse_sound_effects(data: object) -> str | Unset | YesNo:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                sound_effects_type_0 = check_yes_no(data)

                return sound_effects_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(str | Unset | YesNo, data)

        sound_effects = _parse_sound_effects(d.pop("sound_effects", UNSET))

        audio_option = d.pop("audio_option", UNSET)

        native_audio = d.pop("native_audio", UNSET)

        has_narration = d.pop("has_narration", UNSET)

        has_bg_music = d.pop("has_bg_music", UNSET)

        create_scenes_form = cls(
            option=option,
            image_tool=image_tool,
            seed=seed,
            aspect_ratio=aspect_ratio,
            storyboard=storyboard,
            enhance_image=enhance_image,
            generate_elements=generate_elements,
            narrator=narrator,
            background_music=background_music,
            sound_effects=sound_effects,
            audio_option=audio_option,
            native_audio=native_audio,
            has_narration=has_narration,
            has_bg_music=has_bg_music,
        )

        create_scenes_form.additional_properties = d
        return create_scenes_form

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
