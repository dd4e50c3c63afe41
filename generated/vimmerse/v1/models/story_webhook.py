# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.story_status import StoryStatus, check_story_status
from ..types import UNSET, Unset

T = TypeVar("T", bound="StoryWebhook")


@_attrs_define
class StoryWebhook:
    """What is posted to a story's webhook.

    Attributes:
        customer_id (str | Unset): The customer that owns the story.
        batch_id (str | Unset): The story's id.
        status (None | StoryStatus | str | Unset): The status of the story.
    """

    customer_id: str | Unset = UNSET
    batch_id: str | Unset = UNSET
    status: None | StoryStatus | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        customer_id = self.customer_id

        batch_id = self.batch_id

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
        if batch_id is not UNSET:
            field_dict["batch_id"] = batch_id
        if status is not UNSET:
            field_dict["status"] = status

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        customer_id = d.pop("customer_id", UNSET)

        batch_id = d.pop("batch_id", UNSET)

        def _parse_status(data: object) -> None | StoryStatus | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = check_story_status(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StoryStatus | str | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        story_webhook = cls(
            customer_id=customer_id,
            batch_id=batch_id,
            status=status,
        )

        story_webhook.additional_properties = d
        return story_webhook

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
