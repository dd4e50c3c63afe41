# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="StoryScene")


@_attrs_define
class StoryScene:
    """One scene, as a story lists them beside its storyboard, and as /videos takes them back: `prompt` stands for the
    storyboard's `video_description`.

        Attributes:
            name (str | Unset): The scene's name; may be empty.
            image_description (str | Unset): The content of its image.
            prompt (str | Unset): The movement in its video. In v2 `video_description`.
            narrator (str | Unset): The narration text.
            image_url (None | str | Unset): URL of its image; empty until there is one.
            narration_url (None | str | Unset): URL of its recorded narration; empty until there is one.
    """

    name: str | Unset = UNSET
    image_description: str | Unset = UNSET
    prompt: str | Unset = UNSET
    narrator: str | Unset = UNSET
    image_url: None | str | Unset = UNSET
    narration_url: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        image_description = self.image_description

        prompt = self.prompt

        narrator = self.narrator

        image_url: None | str | Unset
        if isinstance(self.image_url, Unset):
            image_url = UNSET
        else:
            image_url = self.image_url

        narration_url: None | str | Unset
        if isinstance(self.narration_url, Unset):
            narration_url = UNSET
        else:
            narration_url = self.narration_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if name is not UNSET:
            field_dict["name"] = name
        if image_description is not UNSET:
            field_dict["image_description"] = image_description
        if prompt is not UNSET:
            field_dict["prompt"] = prompt
        if narrator is not UNSET:
            field_dict["narrator"] = narrator
        if image_url is not UNSET:
            field_dict["image_url"] = image_url
        if narration_url is not UNSET:
            field_dict["narration_url"] = narration_url

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name", UNSET)

        image_description = d.pop("image_description", UNSET)

        prompt = d.pop("prompt", UNSET)

        narrator = d.pop("narrator", UNSET)

        def _parse_image_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        image_url = _parse_image_url(d.pop("image_url", UNSET))

        def _parse_narration_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        narration_url = _parse_narration_url(d.pop("narration_url", UNSET))

        story_scene = cls(
            name=name,
            image_description=image_description,
            prompt=prompt,
            narrator=narrator,
            image_url=image_url,
            narration_url=narration_url,
        )

        story_scene.additional_properties = d
        return story_scene

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
