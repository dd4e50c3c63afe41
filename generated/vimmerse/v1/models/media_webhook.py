# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.media_status import MediaStatus, check_media_status
from ..types import UNSET, Unset

T = TypeVar("T", bound="MediaWebhook")


@_attrs_define
class MediaWebhook:
    """What is posted to a media's webhook.

    Attributes:
        customer_id (str | Unset): The customer that owns the media.
        media_id (str | Unset): The media's id.
        status (MediaStatus | None | str | Unset): The status of the media.
    """

    customer_id: str | Unset = UNSET
    media_id: str | Unset = UNSET
    status: MediaStatus | None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        customer_id = self.customer_id

        media_id = self.media_id

        status: None | str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, str):
            status = self.status
        else:
            status = self.status

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if customer_id is not UNSET:
            field_dict["customer_id"] = customer_id
        if media_id is not UNSET:
            field_dict["media_id"] = media_id
        if status is not UNSET:
            field_dict["status"] = status

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        customer_id = d.pop("customer_id", UNSET)

        media_id = d.pop("media_id", UNSET)

        def _parse_status(data: object) -> MediaStatus | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = check_media_status(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MediaStatus | None | str | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        media_webhook = cls(
            customer_id=customer_id,
            media_id=media_id,
            status=status,
        )

        media_webhook.additional_properties = d
        return media_webhook

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
