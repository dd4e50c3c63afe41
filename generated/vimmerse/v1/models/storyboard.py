# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.element import Element
    from ..models.music import Music
    from ..models.scene import Scene


T = TypeVar("T", bound="Storyboard")


@_attrs_define
class Storyboard:
    """The plan of a story.

    Attributes:
        scenes (list[Scene] | None | Unset): The scenes, in order.
        characters (list[Element] | None | Unset): The characters in it.
        environments (list[Element] | None | Unset): The places in it.
        objects (list[Element] | None | Unset): The objects in it.
        music (Music | None | Unset): The background music.
    """

    scenes: list[Scene] | None | Unset = UNSET
    characters: list[Element] | None | Unset = UNSET
    environments: list[Element] | None | Unset = UNSET
    objects: list[Element] | None | Unset = UNSET
    music: Music | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.music import Music  # noqa: PLC0415

        scenes: list[dict[str, Any]] | None | Unset
        if isinstance(self.scenes, Unset):
            scenes = UNSET
        elif isinstance(self.scenes, list):
            scenes = []
            for scenes_type_0_item_data in self.scenes:
                scenes_type_0_item = scenes_type_0_item_data.to_dict()
                scenes.append(scenes_type_0_item)

        else:
            scenes = self.scenes

        characters: list[dict[str, Any]] | None | Unset
        if isinstance(self.characters, Unset):
            characters = UNSET
        elif isinstance(self.characters, list):
            characters = []
            for characters_type_0_item_data in self.characters:
                characters_type_0_item = characters_type_0_item_data.to_dict()
                characters.append(characters_type_0_item)

        else:
            characters = self.characters

        environments: list[dict[str, Any]] | None | Unset
        if isinstance(self.environments, Unset):
            environments = UNSET
        elif isinstance(self.environments, list):
            environments = []
            for environments_type_0_item_data in self.environments:
                environments_type_0_item = environments_type_0_item_data.to_dict()
                environments.append(environments_type_0_item)

        else:
            environments = self.environments

        objects: list[dict[str, Any]] | None | Unset
        if isinstance(self.objects, Unset):
            objects = UNSET
        elif isinstance(self.objects, list):
            objects = []
            for objects_type_0_item_data in self.objects:
                objects_type_0_item = objects_type_0_item_data.to_dict()
                objects.append(objects_type_0_item)

        else:
            objects = self.objects

        music: dict[str, Any] | None | Unset
        if isinstance(self.music, Unset):
            music = UNSET
        elif isinstance(self.music, Music):
            music = self.music.to_dict()
        else:
            music = self.music

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if scenes is not UNSET:
            field_dict["scenes"] = scenes
        if characters is not UNSET:
            field_dict["characters"] = characters
        if environments is not UNSET:
            field_dict["environments"] = environments
        if objects is not UNSET:
            field_dict["objects"] = objects
        if music is not UNSET:
            field_dict["music"] = music

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.element import Element  # noqa: PLC0415
        from ..models.music import Music  # noqa: PLC0415
        from ..models.scene import Scene  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_scenes(data: object) -> list[Scene] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                scenes_type_0 = []
                _scenes_type_0 = data
                for scenes_type_0_item_data in _scenes_type_0:
                    scenes_type_0_item = Scene.from_dict(scenes_type_0_item_data)

                    scenes_type_0.append(scenes_type_0_item)

                return scenes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Scene] | None | Unset, data)

        scenes = _parse_scenes(d.pop("scenes", UNSET))

        def _parse_characters(data: object) -> list[Element] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                characters_type_0 = []
                _characters_type_0 = data
                for characters_type_0_item_data in _characters_type_0:
                    characters_type_0_item = Element.from_dict(characters_type_0_item_data)

                    characters_type_0.append(characters_type_0_item)

                return characters_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Element] | None | Unset, data)

        characters = _parse_characters(d.pop("characters", UNSET))

        def _parse_environments(data: object) -> list[Element] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                environments_type_0 = []
                _environments_type_0 = data
                for environments_type_0_item_data in _environments_type_0:
                    environments_type_0_item = Element.from_dict(environments_type_0_item_data)

                    environments_type_0.append(environments_type_0_item)

                return environments_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Element] | None | Unset, data)

        environments = _parse_environments(d.pop("environments", UNSET))

        def _parse_objects(data: object) -> list[Element] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                objects_type_0 = []
                _objects_type_0 = data
                for objects_type_0_item_data in _objects_type_0:
                    objects_type_0_item = Element.from_dict(objects_type_0_item_data)

                    objects_type_0.append(objects_type_0_item)

                return objects_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Element] | None | Unset, data)

        objects = _parse_objects(d.pop("objects", UNSET))

        def _parse_music(data: object) -> Music | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                music_type_0 = Music.from_dict(data)

                return music_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Music | None | Unset, data)

        music = _parse_music(d.pop("music", UNSET))

        storyboard = cls(
            scenes=scenes,
            characters=characters,
            environments=environments,
            objects=objects,
            music=music,
        )

        storyboard.additional_properties = d
        return storyboard

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
