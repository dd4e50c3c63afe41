# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.media_status import MediaStatus, check_media_status
from ..types import UNSET, Unset

T = TypeVar("T", bound="MediaProgress")


@_attrs_define
class MediaProgress:
    """A media's status and progress.

    Attributes:
        progress_percentage (str | Unset): Its progress, "0" to "100", as text. v2 has no such field.
        processing_status (MediaStatus | None | str | Unset): Its status. v2 has other names for the same.
    """

    progress_percentage: str | Unset = UNSET
    processing_status: MediaStatus | None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        progress_percentage = self.progress_percentage

        processing_status: None | str | Unset
        if isinstance(self.processing_status, Unset):
            processing_status = UNSET
        elif isinstance(self.processing_status, str):
            processing_status = self.processing_status
        else:
            processing_status = self.processing_status

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if progress_percentage is not UNSET:
            field_dict["progress_percentage"] = progress_percentage
        if processing_status is not UNSET:
            field_dict["processing_status"] = processing_status

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        progress_percentage = d.pop("progress_percentage", UNSET)

        def _parse_processing_status(data: object) -> MediaStatus | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                processing_status_type_0 = check_media_status(data)

                return processing_status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MediaStatus | None | str | Unset, data)

        processing_status = _parse_processing_status(d.pop("processing_status", UNSET))

        media_progress = cls(
            progress_percentage=progress_percentage,
            processing_status=processing_status,
        )

        media_progress.additional_properties = d
        return media_progress

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
