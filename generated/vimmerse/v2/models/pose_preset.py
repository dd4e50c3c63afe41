# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.aspect_ratio import AspectRatio, check_aspect_ratio
from ..models.video_tool import VideoTool, check_video_tool
from ..types import UNSET, Unset

T = TypeVar("T", bound="PosePreset")


@_attrs_define
class PosePreset:
    """The motion of a media.

    Attributes:
        motion_type (None | str | Unset | VideoTool): The model that animates.
        prompt (str | Unset): The content of the video.
        quantity (int | Unset): Number of videos.
        motion_length (int | Unset): Length in seconds.
        loop (int | Unset): How often the motion is repeated.
        aspect_ratio (AspectRatio | None | str | Unset): Aspect ratio of the video.
    """

    motion_type: None | str | Unset | VideoTool = UNSET
    prompt: str | Unset = UNSET
    quantity: int | Unset = UNSET
    motion_length: int | Unset = UNSET
    loop: int | Unset = UNSET
    aspect_ratio: AspectRatio | None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        motion_type: None | str | Unset
        if isinstance(self.motion_type, Unset):
            motion_type = UNSET
        elif isinstance(self.motion_type, str):
            motion_type = self.motion_type
        else:
            motion_type = self.motion_type

        prompt = self.prompt

        quantity = self.quantity

        motion_length = self.motion_length

        loop = self.loop

        aspect_ratio: None | str | Unset
        if isinstance(self.aspect_ratio, Unset):
            aspect_ratio = UNSET
        elif isinstance(self.aspect_ratio, str):
            aspect_ratio = self.aspect_ratio
        else:
            aspect_ratio = self.aspect_ratio

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if motion_type is not UNSET:
            field_dict["motion_type"] = motion_type
        if prompt is not UNSET:
            field_dict["prompt"] = prompt
        if quantity is not UNSET:
            field_dict["quantity"] = quantity
        if motion_length is not UNSET:
            field_dict["motion_length"] = motion_length
        if loop is not UNSET:
            field_dict["loop"] = loop
        if aspect_ratio is not UNSET:
            field_dict["aspect_ratio"] = aspect_ratio

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_motion_type(data: object) -> None | str | Unset | VideoTool:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                motion_type_type_0 = check_video_tool(data)

                return motion_type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | str | Unset | VideoTool, data)

        motion_type = _parse_motion_type(d.pop("motion_type", UNSET))

        prompt = d.pop("prompt", UNSET)

        quantity = d.pop("quantity", UNSET)

        motion_length = d.pop("motion_length", UNSET)

        loop = d.pop("loop", UNSET)

        def _parse_aspect_ratio(data: object) -> AspectRatio | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                aspect_ratio_type_0 = check_aspect_ratio(data)

                return aspect_ratio_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AspectRatio | None | str | Unset, data)

        aspect_ratio = _parse_aspect_ratio(d.pop("aspect_ratio", UNSET))

        pose_preset = cls(
            motion_type=motion_type,
            prompt=prompt,
            quantity=quantity,
            motion_length=motion_length,
            loop=loop,
            aspect_ratio=aspect_ratio,
        )

        pose_preset.additional_properties = d
        return pose_preset

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
