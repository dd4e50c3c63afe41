# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.aspect_ratio import AspectRatio, check_aspect_ratio
from ..models.language import Language, check_language
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.elements import Elements
    from ..models.story_audio_option import StoryAudioOption


T = TypeVar("T", bound="CreateStoryboardRequest")


@_attrs_define
class CreateStoryboardRequest:
    """The body of step 1. Give an idea, image URLs, or both.

    Attributes:
        idea (str | Unset): What the video is about.
        image_urls (list[str] | Unset): URLs of the scenes' images, in order; each becomes a scene.
        scene_count (int | Unset): Number of scenes.
        title (str | Unset): Title of the story.
        language (Language | str | Unset): Language of the narration.
        aspect_ratio (AspectRatio | str | Unset): Aspect ratio of the images and the video.
        elements (Elements | Unset): Elements for the storyboard to use: it refers to them by name and description, and
            their images can be
            generated or replaced later, at step 1.5. Without any, they follow from the idea. Scenes are not accepted here.
        audio_option (StoryAudioOption | Unset): The sound of a story, for the one-call flows and steps 1 and 2.
            Narration and music cost nothing extra; native
            audio doubles the price of the scenes' videos.
    """

    idea: str | Unset = UNSET
    image_urls: list[str] | Unset = UNSET
    scene_count: int | Unset = UNSET
    title: str | Unset = UNSET
    language: Language | str | Unset = UNSET
    aspect_ratio: AspectRatio | str | Unset = UNSET
    elements: Elements | Unset = UNSET
    audio_option: StoryAudioOption | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        idea = self.idea

        image_urls: list[str] | Unset = UNSET
        if not isinstance(self.image_urls, Unset):
            image_urls = self.image_urls

        scene_count = self.scene_count

        title = self.title

        language: str | Unset
        if isinstance(self.language, Unset):
            language = UNSET
        elif isinstance(self.language, str):
            language = self.language
        else:
            language = self.language

        aspect_ratio: str | Unset
        if isinstance(self.aspect_ratio, Unset):
            aspect_ratio = UNSET
        elif isinstance(self.aspect_ratio, str):
            aspect_ratio = self.aspect_ratio
        else:
            aspect_ratio = self.aspect_ratio

        elements: dict[str, Any] | Unset = UNSET
        if not isinstance(self.elements, Unset):
            elements = self.elements.to_dict()

        audio_option: dict[str, Any] | Unset = UNSET
        if not isinstance(self.audio_option, Unset):
            audio_option = self.audio_option.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if idea is not UNSET:
            field_dict["idea"] = idea
        if image_urls is not UNSET:
            field_dict["image_urls"] = image_urls
        if scene_count is not UNSET:
            field_dict["scene_count"] = scene_count
        if title is not UNSET:
            field_dict["title"] = title
        if language is not UNSET:
            field_dict["language"] = language
        if aspect_ratio is not UNSET:
            field_dict["aspect_ratio"] = aspect_ratio
        if elements is not UNSET:
            field_dict["elements"] = elements
        if audio_option is not UNSET:
            field_dict["audio_option"] = audio_option

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.elements import Elements  # noqa: PLC0415
        from ..models.story_audio_option import StoryAudioOption  # noqa: PLC0415

        d = dict(src_dict)
        idea = d.pop("idea", UNSET)

        image_urls = cast(list[str], d.pop("image_urls", UNSET))

        scene_count = d.pop("scene_count", UNSET)

        title = d.pop("title", UNSET)

        def _parse_language(data: object) -> Language | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                language_type_0 = check_language(data)

                return language_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Language | str | Unset, data)

        language = _parse_language(d.pop("language", UNSET))

        def _parse_aspect_ratio(data: object) -> AspectRatio | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                aspect_ratio_type_0 = check_aspect_ratio(data)

                return aspect_ratio_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AspectRatio | str | Unset, data)

        aspect_ratio = _parse_aspect_ratio(d.pop("aspect_ratio", UNSET))

        _elements = d.pop("elements", UNSET)
        elements: Elements | Unset
        if isinstance(_elements, Unset):
            elements = UNSET
        else:
            elements = Elements.from_dict(_elements)

        _audio_option = d.pop("audio_option", UNSET)
        audio_option: StoryAudioOption | Unset
        if isinstance(_audio_option, Unset):
            audio_option = UNSET
        else:
            audio_option = StoryAudioOption.from_dict(_audio_option)

        create_storyboard_request = cls(
            idea=idea,
            image_urls=image_urls,
            scene_count=scene_count,
            title=title,
            language=language,
            aspect_ratio=aspect_ratio,
            elements=elements,
            audio_option=audio_option,
        )

        create_storyboard_request.additional_properties = d
        return create_storyboard_request

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
