# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.file_map_entry import FileMapEntry
    from ..models.pose_preset import PosePreset
    from ..models.submit_params import SubmitParams


T = TypeVar("T", bound="VideoHistoryEntry")


@_attrs_define
class VideoHistoryEntry:
    """An earlier generation of a media. v2 keeps none.

    Attributes:
        generate_type (str | Unset): The operation.
        pose_preset (list[PosePreset] | None | PosePreset | Unset): The motion, or several.
        file_map (list[FileMapEntry] | None | Unset): The files that it was generated from.
        service_name (None | str | Unset): The service that generated it.
        service_version (None | str | Unset): The service's version.
        service_seeds (list[int] | None | Unset): The seeds that were used.
        bullet_version (str | Unset): Number of the generation, as text.
        resolution (list[int] | None | Unset): Width and height in pixels.
        submit_params (None | SubmitParams | Unset): How it was processed.
        created_at (str | Unset): When it was generated.
    """

    generate_type: str | Unset = UNSET
    pose_preset: list[PosePreset] | None | PosePreset | Unset = UNSET
    file_map: list[FileMapEntry] | None | Unset = UNSET
    service_name: None | str | Unset = UNSET
    service_version: None | str | Unset = UNSET
    service_seeds: list[int] | None | Unset = UNSET
    bullet_version: str | Unset = UNSET
    resolution: list[int] | None | Unset = UNSET
    submit_params: None | SubmitParams | Unset = UNSET
    created_at: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.pose_preset import PosePreset  # noqa: PLC0415
        from ..models.submit_params import SubmitParams  # noqa: PLC0415

        generate_type = self.generate_type

        pose_preset: dict[str, Any] | list[dict[str, Any]] | None | Unset
        if isinstance(self.pose_preset, Unset):
            pose_preset = UNSET
        elif isinstance(self.pose_preset, PosePreset):
            pose_preset = self.pose_preset.to_dict()
        elif isinstance(self.pose_preset, list):
            pose_preset = []
            for pose_preset_type_1_item_data in self.pose_preset:
                pose_preset_type_1_item = pose_preset_type_1_item_data.to_dict()
                pose_preset.append(pose_preset_type_1_item)

        else:
            pose_preset = self.pose_preset

        file_map: list[dict[str, Any]] | None | Unset
        if isinstance(self.file_map, Unset):
            file_map = UNSET
        elif isinstance(self.file_map, list):
            file_map = []
            for file_map_type_0_item_data in self.file_map:
                file_map_type_0_item = file_map_type_0_item_data.to_dict()
                file_map.append(file_map_type_0_item)

        else:
            file_map = self.file_map

        service_name: None | str | Unset
        if isinstance(self.service_name, Unset):
            service_name = UNSET
        else:
            service_name = self.service_name

        service_version: None | str | Unset
        if isinstance(self.service_version, Unset):
            service_version = UNSET
        else:
            service_version = self.service_version

        service_seeds: list[int] | None | Unset
        if isinstance(self.service_seeds, Unset):
            service_seeds = UNSET
        elif isinstance(self.service_seeds, list):
            service_seeds = self.service_seeds

        else:
            service_seeds = self.service_seeds

        bullet_version = self.bullet_version

        resolution: list[int] | None | Unset
        if isinstance(self.resolution, Unset):
            resolution = UNSET
        elif isinstance(self.resolution, list):
            resolution = self.resolution

        else:
            resolution = self.resolution

        submit_params: dict[str, Any] | None | Unset
        if isinstance(self.submit_params, Unset):
            submit_params = UNSET
        elif isinstance(self.submit_params, SubmitParams):
            submit_params = self.submit_params.to_dict()
        else:
            submit_params = self.submit_params

        created_at = self.created_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if generate_type is not UNSET:
            field_dict["generate_type"] = generate_type
        if pose_preset is not UNSET:
            field_dict["pose_preset"] = pose_preset
        if file_map is not UNSET:
            field_dict["file_map"] = file_map
        if service_name is not UNSET:
            field_dict["service_name"] = service_name
        if service_version is not UNSET:
            field_dict["service_version"] = service_version
        if service_seeds is not UNSET:
            field_dict["service_seeds"] = service_seeds
        if bullet_version is not UNSET:
            field_dict["bullet_version"] = bullet_version
        if resolution is not UNSET:
            field_dict["resolution"] = resolution
        if submit_params is not UNSET:
            field_dict["submit_params"] = submit_params
        if created_at is not UNSET:
            field_dict["created_at"] = created_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.file_map_entry import FileMapEntry  # noqa: PLC0415
        from ..models.pose_preset import PosePreset  # noqa: PLC0415
        from ..models.submit_params import SubmitParams  # noqa: PLC0415

        d = dict(src_dict)
        generate_type = d.pop("generate_type", UNSET)

        def _parse_pose_preset(data: object) -> list[PosePreset] | None | PosePreset | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                pose_preset_type_0 = PosePreset.from_dict(data)

                return pose_preset_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, list):
                    raise TypeError()
                pose_preset_type_1 = []
                _pose_preset_type_1 = data
                for pose_preset_type_1_item_data in _pose_preset_type_1:
                    pose_preset_type_1_item = PosePreset.from_dict(pose_preset_type_1_item_data)

                    pose_preset_type_1.append(pose_preset_type_1_item)

                return pose_preset_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[PosePreset] | None | PosePreset | Unset, data)

        pose_preset = _parse_pose_preset(d.pop("pose_preset", UNSET))

        def _parse_file_map(data: object) -> list[FileMapEntry] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                file_map_type_0 = []
                _file_map_type_0 = data
                for file_map_type_0_item_data in _file_map_type_0:
                    file_map_type_0_item = FileMapEntry.from_dict(file_map_type_0_item_data)

                    file_map_type_0.append(file_map_type_0_item)

                return file_map_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[FileMapEntry] | None | Unset, data)

        file_map = _parse_file_map(d.pop("file_map", UNSET))

        def _parse_service_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        service_name = _parse_service_name(d.pop("service_name", UNSET))

        def _parse_service_version(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        service_version = _parse_service_version(d.pop("service_version", UNSET))

        def _parse_service_seeds(data: object) -> list[int] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                service_seeds_type_0 = cast(list[int], data)

                return service_seeds_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[int] | None | Unset, data)

        service_seeds = _parse_service_seeds(d.pop("service_seeds", UNSET))

        bullet_version = d.pop("bullet_version", UNSET)

        def _parse_resolution(data: object) -> list[int] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                resolution_type_0 = cast(list[int], data)

                return resolution_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[int] | None | Unset, data)

        resolution = _parse_resolution(d.pop("resolution", UNSET))

        def _parse_submit_params(data: object) -> None | SubmitParams | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                submit_params_type_0 = SubmitParams.from_dict(data)

                return submit_params_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SubmitParams | Unset, data)

        submit_params = _parse_submit_params(d.pop("submit_params", UNSET))

        created_at = d.pop("created_at", UNSET)

        video_history_entry = cls(
            generate_type=generate_type,
            pose_preset=pose_preset,
            file_map=file_map,
            service_name=service_name,
            service_version=service_version,
            service_seeds=service_seeds,
            bullet_version=bullet_version,
            resolution=resolution,
            submit_params=submit_params,
            created_at=created_at,
        )

        video_history_entry.additional_properties = d
        return video_history_entry

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
