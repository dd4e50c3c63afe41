# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="SubmitParams")


@_attrs_define
class SubmitParams:
    """The processing of a media.

    Attributes:
        native_audio (bool | Unset): Whether it has sound effects and lip sync.
        file_size (str | Unset): Largest file in MB, as text; may be empty.
        scale_factor (str | Unset): Scale of the video, as text.
    """

    native_audio: bool | Unset = UNSET
    file_size: str | Unset = UNSET
    scale_factor: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        native_audio = self.native_audio

        file_size = self.file_size

        scale_factor = self.scale_factor

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if native_audio is not UNSET:
            field_dict["native_audio"] = native_audio
        if file_size is not UNSET:
            field_dict["file_size"] = file_size
        if scale_factor is not UNSET:
            field_dict["scale_factor"] = scale_factor

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        native_audio = d.pop("native_audio", UNSET)

        file_size = d.pop("file_size", UNSET)

        scale_factor = d.pop("scale_factor", UNSET)

        submit_params = cls(
            native_audio=native_audio,
            file_size=file_size,
            scale_factor=scale_factor,
        )

        submit_params.additional_properties = d
        return submit_params

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
