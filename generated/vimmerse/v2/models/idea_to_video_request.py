# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.aspect_ratio import AspectRatio, check_aspect_ratio
from ..models.image_tool import ImageTool, check_image_tool
from ..models.language import Language, check_language
from ..models.video_tool import VideoTool, check_video_tool
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.elements import Elements
    from ..models.story_audio_option import StoryAudioOption


T = TypeVar("T", bound="IdeaToVideoRequest")


@_attrs_define
class IdeaToVideoRequest:
    """The body of idea-2-video.

    Attributes:
        idea (str): What the video is about.
        title (str | Unset): Title of the story.
        aspect_ratio (AspectRatio | str | Unset): Aspect ratio of the images and the video.
        scene_count (int | Unset): Number of scenes.
        image_tool (ImageTool | str | Unset): The model that generates the images.
        video_tool (str | Unset | VideoTool): The model that animates, which determines the price.
        scene_duration (int | Unset): Length of each scene in seconds, 5 or 10 (the bound is published, not documented).
        is_transition (bool | Unset): Whether each scene flows into the next one.
        elements (Elements | Unset): Elements for the storyboard to use: it refers to them by name and description, and
            their images can be
            generated or replaced later, at step 1.5. Without any, they follow from the idea. Scenes are not accepted here.
        audio_option (StoryAudioOption | Unset): The sound of a story, for the one-call flows and steps 1 and 2.
            Narration and music cost nothing extra; native
            audio doubles the price of the scenes' videos.
        language (Language | str | Unset): Language of the narration.
        webhook_url (str | Unset): URL for a POST once the story is final.
    """

    idea: str
    title: str | Unset = UNSET
    aspect_ratio: AspectRatio | str | Unset = UNSET
    scene_count: int | Unset = UNSET
    image_tool: ImageTool | str | Unset = UNSET
    video_tool: str | Unset | VideoTool = UNSET
    scene_duration: int | Unset = UNSET
    is_transition: bool | Unset = UNSET
    elements: Elements | Unset = UNSET
    audio_option: StoryAudioOption | Unset = UNSET
    language: Language | str | Unset = UNSET
    webhook_url: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        idea = self.idea

        title = self.title

        aspect_ratio: str | Unset
        if isinstance(self.aspect_ratio, Unset):
            aspect_ratio = UNSET
        elif isinstance(self.aspect_ratio, str):
            aspect_ratio = self.aspect_ratio
        else:
            aspect_ratio = self.aspect_ratio

        scene_count = self.scene_count

        image_tool: str | Unset
        if isinstance(self.image_tool, Unset):
            image_tool = UNSET
        elif isinstance(self.image_tool, str):
            image_tool = self.image_tool
        else:
            image_tool = self.image_tool

        video_tool: str | Unset
        if isinstance(self.video_tool, Unset):
            video_tool = UNSET
        elif isinstance(self.video_tool, str):
            video_tool = self.video_tool
        else:
            video_tool = self.video_tool

        scene_duration = self.scene_duration

        is_transition = self.is_transition

        elements: dict[str, Any] | Unset = UNSET
        if not isinstance(self.elements, Unset):
            elements = self.elements.to_dict()

        audio_option: dict[str, Any] | Unset = UNSET
        if not isinstance(self.audio_option, Unset):
            audio_option = self.audio_option.to_dict()

        language: str | Unset
        if isinstance(self.language, Unset):
            language = UNSET
        elif isinstance(self.language, str):
            language = self.language
        else:
            language = self.language

        webhook_url = self.webhook_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "idea": idea,
            }
        )
        if title is not UNSET:
            field_dict["title"] = title
        if aspect_ratio is not UNSET:
            field_dict["aspect_ratio"] = aspect_ratio
        if scene_count is not UNSET:
            field_dict["scene_count"] = scene_count
        if image_tool is not UNSET:
            field_dict["image_tool"] = image_tool
        if video_tool is not UNSET:
            field_dict["video_tool"] = video_tool
        if scene_duration is not UNSET:
            field_dict["scene_duration"] = scene_duration
        if is_transition is not UNSET:
            field_dict["is_transition"] = is_transition
        if elements is not UNSET:
            field_dict["elements"] = elements
        if audio_option is not UNSET:
            field_dict["audio_option"] = audio_option
        if language is not UNSET:
            field_dict["language"] = language
        if webhook_url is not UNSET:
            field_dict["webhook_url"] = webhook_url

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.elements import Elements  # noqa: PLC0415
        from ..models.story_audio_option import StoryAudioOption  # noqa: PLC0415

        d = dict(src_dict)
        idea = d.pop("idea")

        title = d.pop("title", UNSET)

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

        scene_count = d.pop("scene_count", UNSET)

        def _parse_image_tool(data: object) -> ImageTool | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                image_tool_type_0 = check_image_tool(data)

                return image_tool_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ImageTool | str | Unset, data)

        image_tool = _parse_image_tool(d.pop("image_tool", UNSET))

        def _parse_video_tool(data: object) -> str | Unset | VideoTool:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                video_tool_type_0 = check_video_tool(data)

                return video_tool_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(str | Unset | VideoTool, data)

        video_tool = _parse_video_tool(d.pop("video_tool", UNSET))

        scene_duration = d.pop("scene_duration", UNSET)

        is_transition = d.pop("is_transition", UNSET)

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

        webhook_url = d.pop("webhook_url", UNSET)

        idea_to_video_request = cls(
            idea=idea,
            title=title,
            aspect_ratio=aspect_ratio,
            scene_count=scene_count,
            image_tool=image_tool,
            video_tool=video_tool,
            scene_duration=scene_duration,
            is_transition=is_transition,
            elements=elements,
            audio_option=audio_option,
            language=language,
            webhook_url=webhook_url,
        )

        idea_to_video_request.additional_properties = d
        return idea_to_video_request

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
