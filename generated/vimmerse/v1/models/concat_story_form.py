# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ConcatStoryForm")


@_attrs_define
class ConcatStoryForm:
    """The videos to join; empty for all of the story.

    Attributes:
        concat_video_urls (list[str] | Unset): URLs of the videos to join, in order. The key is repeated. v2 takes a
            list in JSON.
        audio_urls (list[str] | Unset): URLs of the audio tracks of the joined video. The key is repeated. v2 takes a
            list in JSON.
    """

    concat_video_urls: list[str] | Unset = UNSET
    audio_urls: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        concat_video_urls: list[str] | Unset = UNSET
        if not isinstance(self.concat_video_urls, Unset):
            concat_video_urls = self.concat_video_urls

        audio_urls: list[str] | Unset = UNSET
        if not isinstance(self.audio_urls, Unset):
            audio_urls = self.audio_urls

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if concat_video_urls is not UNSET:
            field_dict["concat_video_urls"] = concat_video_urls
        if audio_urls is not UNSET:
            field_dict["audio_urls"] = audio_urls

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        concat_video_urls = cast(list[str], d.pop("concat_video_urls", UNSET))

        audio_urls = cast(list[str], d.pop("audio_urls", UNSET))

        concat_story_form = cls(
            concat_video_urls=concat_video_urls,
            audio_urls=audio_urls,
        )

        concat_story_form.additional_properties = d
        return concat_story_form

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
