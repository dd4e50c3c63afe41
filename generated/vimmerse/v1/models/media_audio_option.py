# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.narrator import Narrator, check_narrator
from ..types import UNSET, Unset

T = TypeVar("T", bound="MediaAudioOption")


@_attrs_define
class MediaAudioOption:
    """The sound of a media, in revised v1. The same in v2.

    Attributes:
        narrator (Narrator | str | Unset): Voice of `narration`.
        narration (None | str | Unset): The narration text.
        narration_url (None | str | Unset): URL of a recorded narration, which wins over `narration`.
        bg_music_prompt (None | str | Unset): The style of the background music.
        bg_music_url (None | str | Unset): URL of the background music.
        native_audio (bool | Unset): Whether the video model generates the sound. Default false.
    """

    narrator: Narrator | str | Unset = UNSET
    narration: None | str | Unset = UNSET
    narration_url: None | str | Unset = UNSET
    bg_music_prompt: None | str | Unset = UNSET
    bg_music_url: None | str | Unset = UNSET
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

        narration: None | str | Unset
        if isinstance(self.narration, Unset):
            narration = UNSET
        else:
            narration = self.narration

        narration_url: None | str | Unset
        if isinstance(self.narration_url, Unset):
            narration_url = UNSET
        else:
            narration_url = self.narration_url

        bg_music_prompt: None | str | Unset
        if isinstance(self.bg_music_prompt, Unset):
            bg_music_prompt = UNSET
        else:
            bg_music_prompt = self.bg_music_prompt

        bg_music_url: None | str | Unset
        if isinstance(self.bg_music_url, Unset):
            bg_music_url = UNSET
        else:
            bg_music_url = self.bg_music_url

        native_audio = self.native_audio

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if narrator is not UNSET:
            field_dict["narrator"] = narrator
        if narration is not UNSET:
            field_dict["narration"] = narration
        if narration_url is not UNSET:
            field_dict["narration_url"] = narration_url
        if bg_music_prompt is not UNSET:
            field_dict["bg_music_prompt"] = bg_music_prompt
        if bg_music_url is not UNSET:
            field_dict["bg_music_url"] = bg_music_url
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

        def _parse_narration(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        narration = _parse_narration(d.pop("narration", UNSET))

        def _parse_narration_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        narration_url = _parse_narration_url(d.pop("narration_url", UNSET))

        def _parse_bg_music_prompt(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        bg_music_prompt = _parse_bg_music_prompt(d.pop("bg_music_prompt", UNSET))

        def _parse_bg_music_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        bg_music_url = _parse_bg_music_url(d.pop("bg_music_url", UNSET))

        native_audio = d.pop("native_audio", UNSET)

        media_audio_option = cls(
            narrator=narrator,
            narration=narration,
            narration_url=narration_url,
            bg_music_prompt=bg_music_prompt,
            bg_music_url=bg_music_url,
            native_audio=native_audio,
        )

        media_audio_option.additional_properties = d
        return media_audio_option

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
