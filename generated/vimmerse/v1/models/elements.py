# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.element import Element


T = TypeVar("T", bound="Elements")


@_attrs_define
class Elements:
    """Elements that a storyboard must use. Scenes are not accepted here.

    Attributes:
        characters (list[Element] | Unset): The characters in it.
        environments (list[Element] | Unset): The places in it.
        objects (list[Element] | Unset): The objects in it.
    """

    characters: list[Element] | Unset = UNSET
    environments: list[Element] | Unset = UNSET
    objects: list[Element] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        characters: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.characters, Unset):
            characters = []
            for characters_item_data in self.characters:
                characters_item = characters_item_data.to_dict()
                characters.append(characters_item)

        environments: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.environments, Unset):
            environments = []
            for environments_item_data in self.environments:
                environments_item = environments_item_data.to_dict()
                environments.append(environments_item)

        objects: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.objects, Unset):
            objects = []
            for objects_item_data in self.objects:
                objects_item = objects_item_data.to_dict()
                objects.append(objects_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if characters is not UNSET:
            field_dict["characters"] = characters
        if environments is not UNSET:
            field_dict["environments"] = environments
        if objects is not UNSET:
            field_dict["objects"] = objects

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.element import Element  # noqa: PLC0415

        d = dict(src_dict)
        _characters = d.pop("characters", UNSET)
        characters: list[Element] | Unset = UNSET
        if _characters is not UNSET:
            characters = []
            for characters_item_data in _characters:
                characters_item = Element.from_dict(characters_item_data)

                characters.append(characters_item)

        _environments = d.pop("environments", UNSET)
        environments: list[Element] | Unset = UNSET
        if _environments is not UNSET:
            environments = []
            for environments_item_data in _environments:
                environments_item = Element.from_dict(environments_item_data)

                environments.append(environments_item)

        _objects = d.pop("objects", UNSET)
        objects: list[Element] | Unset = UNSET
        if _objects is not UNSET:
            objects = []
            for objects_item_data in _objects:
                objects_item = Element.from_dict(objects_item_data)

                objects.append(objects_item)

        elements = cls(
            characters=characters,
            environments=environments,
            objects=objects,
        )

        elements.additional_properties = d
        return elements

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
