# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.pipeline_preset import PipelinePreset, check_pipeline_preset
from ..models.yes_no import YesNo, check_yes_no
from ..types import UNSET, Unset

T = TypeVar("T", bound="SubmitParams")


@_attrs_define
class SubmitParams:
    """How a media is processed. The page recommends the defaults, and to ask the vendor first.

    Attributes:
        scale_factor (str | Unset): Scale of the video, as text, from 0 to 2. Default "1". v2 takes none; it is dropped.
        pipeline_preset (None | PipelinePreset | str | Unset): How thoroughly the media is processed. Default "Fast". In
            v2: `pipeline_mode`, "Advanced" for "Normal".
        file_size (str | Unset): Largest size of a video in megabytes, as text ("1.6"). Default empty, for no limit. v2
            takes none; it is dropped.
        sound_effects (None | str | Unset | YesNo): "Yes" adds sound effects. Default "No"; lower case is seen in
            responses. In v2 `audio_option.native_audio`.
        native_audio (bool | None | Unset): Whether there is native audio; in responses of revised v1, in place of
            original v1's `sound_effects`.
    """

    scale_factor: str | Unset = UNSET
    pipeline_preset: None | PipelinePreset | str | Unset = UNSET
    file_size: str | Unset = UNSET
    sound_effects: None | str | Unset | YesNo = UNSET
    native_audio: bool | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        scale_factor = self.scale_factor

        pipeline_preset: None | str | Unset
        if isinstance(self.pipeline_preset, Unset):
            pipeline_preset = UNSET
        elif isinstance(self.pipeline_preset, str):
            pipeline_preset = self.pipeline_preset
        else:
            pipeline_preset = self.pipeline_preset

        file_size = self.file_size

        sound_effects: None | str | Unset
        if isinstance(self.sound_effects, Unset):
            sound_effects = UNSET
        elif isinstance(self.sound_effects, str):
            sound_effects = self.sound_effects
        else:
            sound_effects = self.sound_effects

        native_audio: bool | None | Unset
        if isinstance(self.native_audio, Unset):
            native_audio = UNSET
        else:
            native_audio = self.native_audio

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if scale_factor is not UNSET:
            field_dict["scale_factor"] = scale_factor
        if pipeline_preset is not UNSET:
            field_dict["pipeline_preset"] = pipeline_preset
        if file_size is not UNSET:
            field_dict["file_size"] = file_size
        if sound_effects is not UNSET:
            field_dict["sound_effects"] = sound_effects
        if native_audio is not UNSET:
            field_dict["native_audio"] = native_audio

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        scale_factor = d.pop("scale_factor", UNSET)

        def _parse_pipeline_preset(data: object) -> None | PipelinePreset | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                pipeline_preset_type_0 = check_pipeline_preset(data)

                return pipeline_preset_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PipelinePreset | str | Unset, data)

        pipeline_preset = _parse_pipeline_preset(d.pop("pipeline_preset", UNSET))

        file_size = d.pop("file_size", UNSET)

        def _parse_sound_effects(data: object) -> None | str | Unset | YesNo:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                sound_effects_type_0 = check_yes_no(data)

                return sound_effects_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | str | Unset | YesNo, data)

        sound_effects = _parse_sound_effects(d.pop("sound_effects", UNSET))

        def _parse_native_audio(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        native_audio = _parse_native_audio(d.pop("native_audio", UNSET))

        submit_params = cls(
            scale_factor=scale_factor,
            pipeline_preset=pipeline_preset,
            file_size=file_size,
            sound_effects=sound_effects,
            native_audio=native_audio,
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
