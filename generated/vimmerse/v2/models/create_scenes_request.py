# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.aspect_ratio import AspectRatio, check_aspect_ratio
from ..models.image_tool import ImageTool, check_image_tool
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.story_audio_option import StoryAudioOption
    from ..models.storyboard import Storyboard


T = TypeVar("T", bound="CreateScenesRequest")


@_attrs_define
class CreateScenesRequest:
    """The body of step 2.

    Attributes:
        image_tool (ImageTool | str | Unset): The model that generates the images.
        aspect_ratio (AspectRatio | str | Unset): Aspect ratio of the images.
        audio_option (StoryAudioOption | Unset): The sound of a story, for the one-call flows and steps 1 and 2.
            Narration and music cost nothing extra; native
            audio doubles the price of the scenes' videos.
        storyboard (Storyboard | Unset): The plan of a story. Parts that a step omits stay unchanged.
    """

    image_tool: ImageTool | str | Unset = UNSET
    aspect_ratio: AspectRatio | str | Unset = UNSET
    audio_option: StoryAudioOption | Unset = UNSET
    storyboard: Storyboard | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        image_tool: str | Unset
        if isinstance(self.image_tool, Unset):
            image_tool = UNSET
        elif isinstance(self.image_tool, str):
            image_tool = self.image_tool
        else:
            image_tool = self.image_tool

        aspect_ratio: str | Unset
        if isinstance(self.aspect_ratio, Unset):
            aspect_ratio = UNSET
        elif isinstance(self.aspect_ratio, str):
            aspect_ratio = self.aspect_ratio
        else:
            aspect_ratio = self.aspect_ratio

        audio_option: dict[str, Any] | Unset = UNSET
        if not isinstance(self.audio_option, Unset):
            audio_option = self.audio_option.to_dict()

        storyboard: dict[str, Any] | Unset = UNSET
        if not isinstance(self.storyboard, Unset):
            storyboard = self.storyboard.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if image_tool is not UNSET:
            field_dict["image_tool"] = image_tool
        if aspect_ratio is not UNSET:
            field_dict["aspect_ratio"] = aspect_ratio
        if audio_option is not UNSET:
            field_dict["audio_option"] = audio_option
        if storyboard is not UNSET:
            field_dict["storyboard"] = storyboard

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.story_audio_option import StoryAudioOption  # noqa: PLC0415
        from ..models.storyboard import Storyboard  # noqa: PLC0415

        d = dict(src_dict)

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

        _audio_option = d.pop("audio_option", UNSET)
        audio_option: StoryAudioOption | Unset
        if isinstance(_audio_option, Unset):
            audio_option = UNSET
        else:
            audio_option = StoryAudioOption.from_dict(_audio_option)

        _storyboard = d.pop("storyboard", UNSET)
        storyboard: Storyboard | Unset
        if isinstance(_storyboard, Unset):
            storyboard = UNSET
        else:
            storyboard = Storyboard.from_dict(_storyboard)

        create_scenes_request = cls(
            image_tool=image_tool,
            aspect_ratio=aspect_ratio,
            audio_option=audio_option,
            storyboard=storyboard,
        )

        create_scenes_request.additional_properties = d
        return create_scenes_request

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
