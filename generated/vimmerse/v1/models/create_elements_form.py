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
from ..types import UNSET, Unset

T = TypeVar("T", bound="CreateElementsForm")


@_attrs_define
class CreateElementsForm:
    """The appearance of the elements.

    Attributes:
        option (ImageOption | str | Unset): Model that draws the images. Default "FluxKontextPro". The elements step
            does not list FluxFinetuned. In v2: `image_tool`, which knows few of these names; for most of them "AutoI" is
            the nearest.
        image_tool (ImageTool | str | Unset): Model that draws the images, in revised v1; wins over `option`. The same
            in v2.
        seed (int | Unset): Seed of the image generation. v2 has no such field; it is dropped.
        aspect_ratio (AspectRatio | str | Unset): Shape of the elements' images. Default "9:16" on this step; "16:9" in
            revised v1.
        storyboard (str | Unset): The storyboard, edited, as JSON text; if omitted, the story's own is used. v2 takes
            the object itself, whose elements have `image_url` instead of `URL`.
        enhance_image (bool | Unset): Sharpens the images afterwards, by super-resolution at their own size. Default
            false on this step. v2 has no such field; it is dropped.
        background_music (bool | Unset): Adds background music. Default true. v2 takes no audio on this step, and false
            is dropped: say it at step 1 or on scenes, as `audio_option.has_bg_music`.
        has_bg_music (bool | Unset): Adds background music (revised v1, which ignores it here). v2 takes no audio on
            this step; it is dropped: say it at step 1 or on scenes, as `audio_option.has_bg_music`.
    """

    option: ImageOption | str | Unset = UNSET
    image_tool: ImageTool | str | Unset = UNSET
    seed: int | Unset = UNSET
    aspect_ratio: AspectRatio | str | Unset = UNSET
    storyboard: str | Unset = UNSET
    enhance_image: bool | Unset = UNSET
    background_music: bool | Unset = UNSET
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

        background_music = self.background_music

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
        if background_music is not UNSET:
            field_dict["background_music"] = background_music
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

        background_music = d.pop("background_music", UNSET)

        has_bg_music = d.pop("has_bg_music", UNSET)

        create_elements_form = cls(
            option=option,
            image_tool=image_tool,
            seed=seed,
            aspect_ratio=aspect_ratio,
            storyboard=storyboard,
            enhance_image=enhance_image,
            background_music=background_music,
            has_bg_music=has_bg_music,
        )

        create_elements_form.additional_properties = d
        return create_elements_form

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
