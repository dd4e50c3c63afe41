# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.motion_type import MotionType, check_motion_type
from ..types import UNSET, Unset

T = TypeVar("T", bound="PosePreset")


@_attrs_define
class PosePreset:
    """One motion. In v2 a media has one, spread over `video_tool`, `prompt`, `quantity`, `duration`, `loop` and
    `aspect_ratio`.

        Attributes:
            motion_type (MotionType | None | str | Unset): Model that animates. In v2 `video_tool`.
            params (None | str | Unset): The motion's details, as `Key=value` joined by `|`: "Prompt=A bunny
                jumps|Quantity=1|MotionLength=5". Only the keys of `x-params` are keys, so a prompt may hold `|` and `=`.
    """

    motion_type: MotionType | None | str | Unset = UNSET
    params: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        motion_type: None | str | Unset
        if isinstance(self.motion_type, Unset):
            motion_type = UNSET
        elif isinstance(self.motion_type, str):
            motion_type = self.motion_type
        else:
            motion_type = self.motion_type

        params: None | str | Unset
        if isinstance(self.params, Unset):
            params = UNSET
        else:
            params = self.params

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if motion_type is not UNSET:
            field_dict["MotionType"] = motion_type
        if params is not UNSET:
            field_dict["Params"] = params

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_motion_type(data: object) -> MotionType | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                motion_type_type_0 = check_motion_type(data)

                return motion_type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MotionType | None | str | Unset, data)

        motion_type = _parse_motion_type(d.pop("MotionType", UNSET))

        def _parse_params(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        params = _parse_params(d.pop("Params", UNSET))

        pose_preset = cls(
            motion_type=motion_type,
            params=params,
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
