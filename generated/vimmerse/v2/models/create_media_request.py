# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.aspect_ratio import AspectRatio, check_aspect_ratio
from ..models.pipeline_mode import PipelineMode, check_pipeline_mode
from ..models.video_tool import VideoTool, check_video_tool
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.media_audio_option import MediaAudioOption
    from ..models.media_item import MediaItem


T = TypeVar("T", bound="CreateMediaRequest")


@_attrs_define
class CreateMediaRequest:
    """The body of create_media. Give a prompt, media items, or both.

    Attributes:
        title (str | Unset): Title of the media.
        description (str | Unset): Description of the media.
        prompt (str | Unset): The content of the video.
        media_items (list[MediaItem] | Unset): Images, videos and audio to use as the first frame, the last frame or the
            sound.
        video_tool (str | Unset | VideoTool): The model that animates.
        quantity (int | Unset): Number of videos to generate, 1 to 4 (version 1's bounds).
        duration (int | Unset): Length in seconds, 1 to 10 (version 1's bounds).
        loop (int | Unset): How often the motion is repeated, 1 to 6 (version 1's bounds).
        aspect_ratio (AspectRatio | str | Unset): Aspect ratio of the video.
        audio_option (MediaAudioOption | Unset): The sound of a media. Audio among the media items takes precedence;
            this is ignored for those.
        pipeline_mode (PipelineMode | str | Unset): Quality of the processing of the images and the video.
        webhook_url (str | Unset): URL for a POST once the media is final.
    """

    title: str | Unset = UNSET
    description: str | Unset = UNSET
    prompt: str | Unset = UNSET
    media_items: list[MediaItem] | Unset = UNSET
    video_tool: str | Unset | VideoTool = UNSET
    quantity: int | Unset = UNSET
    duration: int | Unset = UNSET
    loop: int | Unset = UNSET
    aspect_ratio: AspectRatio | str | Unset = UNSET
    audio_option: MediaAudioOption | Unset = UNSET
    pipeline_mode: PipelineMode | str | Unset = UNSET
    webhook_url: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        title = self.title

        description = self.description

        prompt = self.prompt

        media_items: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.media_items, Unset):
            media_items = []
            for media_items_item_data in self.media_items:
                media_items_item = media_items_item_data.to_dict()
                media_items.append(media_items_item)

        video_tool: str | Unset
        if isinstance(self.video_tool, Unset):
            video_tool = UNSET
        elif isinstance(self.video_tool, str):
            video_tool = self.video_tool
        else:
            video_tool = self.video_tool

        quantity = self.quantity

        duration = self.duration

        loop = self.loop

        aspect_ratio: str | Unset
        if isinstance(self.aspect_ratio, Unset):
            aspect_ratio = UNSET
        elif isinstance(self.aspect_ratio, str):
            aspect_ratio = self.aspect_ratio
        else:
            aspect_ratio = self.aspect_ratio

        audio_option: dict[str, Any] | Unset = UNSET
        if not isinstance(self.audio_option, Unset):
            audio_option = self.audio_option.to_dict()

        pipeline_mode: str | Unset
        if isinstance(self.pipeline_mode, Unset):
            pipeline_mode = UNSET
        elif isinstance(self.pipeline_mode, str):
            pipeline_mode = self.pipeline_mode
        else:
            pipeline_mode = self.pipeline_mode

        webhook_url = self.webhook_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if title is not UNSET:
            field_dict["title"] = title
        if description is not UNSET:
            field_dict["description"] = description
        if prompt is not UNSET:
            field_dict["prompt"] = prompt
        if media_items is not UNSET:
            field_dict["media_items"] = media_items
        if video_tool is not UNSET:
            field_dict["video_tool"] = video_tool
        if quantity is not UNSET:
            field_dict["quantity"] = quantity
        if duration is not UNSET:
            field_dict["duration"] = duration
        if loop is not UNSET:
            field_dict["loop"] = loop
        if aspect_ratio is not UNSET:
            field_dict["aspect_ratio"] = aspect_ratio
        if audio_option is not UNSET:
            field_dict["audio_option"] = audio_option
        if pipeline_mode is not UNSET:
            field_dict["pipeline_mode"] = pipeline_mode
        if webhook_url is not UNSET:
            field_dict["webhook_url"] = webhook_url

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.media_audio_option import MediaAudioOption  # noqa: PLC0415
        from ..models.media_item import MediaItem  # noqa: PLC0415

        d = dict(src_dict)
        title = d.pop("title", UNSET)

        description = d.pop("description", UNSET)

        prompt = d.pop("prompt", UNSET)

        _media_items = d.pop("media_items", UNSET)
        media_items: list[MediaItem] | Unset = UNSET
        if _media_items is not UNSET:
            media_items = []
            for media_items_item_data in _media_items:
                media_items_item = MediaItem.from_dict(media_items_item_data)

                media_items.append(media_items_item)

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

        quantity = d.pop("quantity", UNSET)

        duration = d.pop("duration", UNSET)

        loop = d.pop("loop", UNSET)

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

        _audio_option = d.pop("audio_option", UNSET)
        audio_option: MediaAudioOption | Unset
        if isinstance(_audio_option, Unset):
            audio_option = UNSET
        else:
            audio_option = MediaAudioOption.from_dict(_audio_option)

        def _parse_pipeline_mode(data: object) -> PipelineMode | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                pipeline_mode_type_0 = check_pipeline_mode(data)

                return pipeline_mode_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(PipelineMode | str | Unset, data)

        pipeline_mode = _parse_pipeline_mode(d.pop("pipeline_mode", UNSET))

        webhook_url = d.pop("webhook_url", UNSET)

        create_media_request = cls(
            title=title,
            description=description,
            prompt=prompt,
            media_items=media_items,
            video_tool=video_tool,
            quantity=quantity,
            duration=duration,
            loop=loop,
            aspect_ratio=aspect_ratio,
            audio_option=audio_option,
            pipeline_mode=pipeline_mode,
            webhook_url=webhook_url,
        )

        create_media_request.additional_properties = d
        return create_media_request

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
