# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.narrator import Narrator, check_narrator
from ..types import UNSET, Unset

T = TypeVar("T", bound="StoryAudioOption")


@_attrs_define
class StoryAudioOption:
    """The sound of a story, in revised v1. The same in v2.

    Attributes:
        narrator (Narrator | str | Unset): Voice of the narration. Default "Rachel"; in v2 "AutoV".
        has_narration (bool | Unset): Adds a narration; not with native audio. Default true.
        has_bg_music (bool | Unset): Adds background music. Default true.
        native_audio (bool | Unset): Lets the video model make the sound; switches the narration off and doubles the
            price. Default false.
    """

    narrator: Narrator | str | Unset = UNSET
    has_narration: bool | Unset = UNSET
    has_bg_music: bool | Unset = UNSET
    native_audio: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        narrator: str | Unset
        if isinstance(self.narrator, Unset):
            narrator = UNSET
        elif isinstance(self.narrator, str):
            narrator = self.narrator
        else:
            narrator = self.narrator

        has_narration = self.has_narration

        has_bg_music = self.has_bg_music

        native_audio = self.native_audio

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if narrator is not UNSET:
            field_dict["narrator"] = narrator
        if has_narration is not UNSET:
            field_dict["has_narration"] = has_narration
        if has_bg_music is not UNSET:
            field_dict["has_bg_music"] = has_bg_music
        if native_audio is not UNSET:
            field_dict["native_audio"] = native_audio

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_narrator(data: object) -> Narrator | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                narrator_type_0 = check_narrator(data)

                return narrator_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Narrator | str | Unset, data)

        narrator = _parse_narrator(d.pop("narrator", UNSET))

        has_narration = d.pop("has_narration", UNSET)

        has_bg_music = d.pop("has_bg_music", UNSET)

        native_audio = d.pop("native_audio", UNSET)

        story_audio_option = cls(
            narrator=narrator,
            has_narration=has_narration,
            has_bg_music=has_bg_music,
            native_audio=native_audio,
        )

        story_audio_option.additional_properties = d
        return story_audio_option

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
