# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.aspect_ratio import AspectRatio
from ..models.pipeline_mode import PipelineMode
from ..models.video_tool import VideoTool
from ..models.visibility_status import VisibilityStatus
from ..types import UNSET, Unset

T = TypeVar("T", bound="UpdateMediaRequest")


@_attrs_define
class UpdateMediaRequest:
    """The body of update_media. Omitted fields stay unchanged; null is accepted everywhere and its effect is not
    documented. Free: title, description, visibility_status, rating, webhook_url. Everything else is paid.

        Attributes:
            title (None | str | Unset): Title of the media. Free.
            description (None | str | Unset): Description of the media. Free.
            visibility_status (None | str | Unset | VisibilityStatus): Who can see it. Free.
            rating (None | str | Unset): Its rating, as text. Free.
            webhook_url (None | str | Unset): URL for a POST once the media is final. Free.
            media_items (list[MediaItem] | None | Unset): Images, videos and audio to use as the first frame, the last frame
                or the sound. Paid.
            prompt (None | str | Unset): The content of the video. Paid.
            video_tool (None | str | Unset | VideoTool): The model that animates. Paid.
            quantity (int | None | Unset): Number of videos to generate, 1 to 4 (version 1's bounds). Paid.
            duration (int | None | Unset): Length in seconds, 1 to 10 (version 1's bounds). Paid. The page titles it Scene
                Duration.
            loop (int | None | Unset): How often the motion is repeated, 1 to 6 (version 1's bounds). Paid.
            audio_option (MediaAudioOption | None | Unset): The sound of the video. Paid.
            aspect_ratio (AspectRatio | None | str | Unset): Aspect ratio of the video. Paid.
            pipeline_mode (None | PipelineMode | str | Unset): Quality of the processing of the images and the video. Paid.
    """

    title: None | str | Unset = UNSET
    description: None | str | Unset = UNSET
    visibility_status: None | str | Unset | VisibilityStatus = UNSET
    rating: None | str | Unset = UNSET
    webhook_url: None | str | Unset = UNSET
    media_items: list[MediaItem] | None | Unset = UNSET
    prompt: None | str | Unset = UNSET
    video_tool: None | str | Unset | VideoTool = UNSET
    quantity: int | None | Unset = UNSET
    duration: int | None | Unset = UNSET
    loop: int | None | Unset = UNSET
    audio_option: MediaAudioOption | None | Unset = UNSET
    aspect_ratio: AspectRatio | None | str | Unset = UNSET
    pipeline_mode: None | PipelineMode | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        title: None | str | Unset
        if isinstance(self.title, Unset):
            title = UNSET
        else:
            title = self.title

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        visibility_status: None | str | Unset
        if isinstance(self.visibility_status, Unset):
            visibility_status = UNSET
        elif isinstance(self.visibility_status, str):
            visibility_status = self.visibility_status
        else:
            visibility_status = self.visibility_status

        rating: None | str | Unset
        if isinstance(self.rating, Unset):
            rating = UNSET
        else:
            rating = self.rating

        webhook_url: None | str | Unset
        if isinstance(self.webhook_url, Unset):
            webhook_url = UNSET
        else:
            webhook_url = self.webhook_url

        media_items: list[dict[str, Any]] | None | Unset
        if isinstance(self.media_items, Unset):
            media_items = UNSET
        elif isinstance(self.media_items, list):
            media_items = []
            for media_items_type_0_item_data in self.media_items:
                media_items_type_0_item = media_items_type_0_item_data.to_dict()
                media_items.append(media_items_type_0_item)

        else:
            media_items = self.media_items

        prompt: None | str | Unset
        if isinstance(self.prompt, Unset):
            prompt = UNSET
        else:
            prompt = self.prompt

        video_tool: None | str | Unset
        if isinstance(self.video_tool, Unset):
            video_tool = UNSET
        elif isinstance(self.video_tool, str):
            video_tool = self.video_tool
        else:
            video_tool = self.video_tool

        quantity: int | None | Unset
        if isinstance(self.quantity, Unset):
            quantity = UNSET
        else:
            quantity = self.quantity

        duration: int | None | Unset
        if isinstance(self.duration, Unset):
            duration = UNSET
        else:
            duration = self.duration

        loop: int | None | Unset
        if isinstance(self.loop, Unset):
            loop = UNSET
        else:
            loop = self.loop

        audio_option: dict[str, Any] | None | Unset
        if isinstance(self.audio_option, Unset):
            audio_option = UNSET
        elif isinstance(self.audio_option, MediaAudioOption):
            audio_option = self.audio_option.to_dict()
        else:
            audio_option = self.audio_option

        aspect_ratio: None | str | Unset
        if isinstance(self.aspect_ratio, Unset):
            aspect_ratio = UNSET
        elif isinstance(self.aspect_ratio, str):
            aspect_ratio = self.aspect_ratio
        else:
            aspect_ratio = self.aspect_ratio

        pipeline_mode: None | str | Unset
        if isinstance(self.pipeline_mode, Unset):
            pipeline_mode = UNSET
        elif isinstance(self.pipeline_mode, str):
            pipeline_mode = self.pipeline_mode
        else:
            pipeline_mode = self.pipeline_mode

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if title is not UNSET:
            field_dict["title"] = title
        if description is not UNSET:
            field_dict["description"] = description
        if visibility_status is not UNSET:
            field_dict["visibility_status"] = visibility_status
        if rating is not UNSET:
            field_dict["rating"] = rating
        if webhook_url is not UNSET:
            field_dict["webhook_url"] = webhook_url
        if media_items is not UNSET:
            field_dict["media_items"] = media_items
        if prompt is not UNSET:
            field_dict["prompt"] = prompt
        if video_tool is not UNSET:
            field_dict["video_tool"] = video_tool
        if quantity is not UNSET:
            field_dict["quantity"] = quantity
        if duration is not UNSET:
            field_dict["duration"] = duration
        if loop is not UNSET:
            field_dict["loop"] = loop
        if audio_option is not UNSET:
            field_dict["audio_option"] = audio_option
        if aspect_ratio is not UNSET:
            field_dict["aspect_ratio"] = aspect_ratio
        if pipeline_mode is not UNSET:
            field_dict["pipeline_mode"] = pipeline_mode

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        title = cast("None | str | Unset", d.pop("title", UNSET))

        description = cast("None | str | Unset", d.pop("description", UNSET))

        visibility_status = cast(
            "None | str | Unset | VisibilityStatus", d.pop("visibility_status", UNSET)
        )

        rating = cast("None | str | Unset", d.pop("rating", UNSET))

        webhook_url = cast("None | str | Unset", d.pop("webhook_url", UNSET))

        def _parse_media_items(data: object) -> list[MediaItem] | None | Unset:
            if isinstance(data, list):
                try:
                    media_items_type_0 = []
                    _media_items_type_0 = data
                    for media_items_type_0_item_data in _media_items_type_0:
                        media_items_type_0_item = MediaItem.from_dict(media_items_type_0_item_data)

                        media_items_type_0.append(media_items_type_0_item)

                    return media_items_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
            return cast("list[MediaItem] | None | Unset", data)

        media_items = _parse_media_items(d.pop("media_items", UNSET))

        prompt = cast("None | str | Unset", d.pop("prompt", UNSET))

        video_tool = cast("None | str | Unset | VideoTool", d.pop("video_tool", UNSET))

        quantity = cast("int | None | Unset", d.pop("quantity", UNSET))

        duration = cast("int | None | Unset", d.pop("duration", UNSET))

        loop = cast("int | None | Unset", d.pop("loop", UNSET))

        def _parse_audio_option(data: object) -> MediaAudioOption | None | Unset:
            if isinstance(data, dict):
                try:
                    audio_option_type_0 = MediaAudioOption.from_dict(data)

                    return audio_option_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
            return cast("MediaAudioOption | None | Unset", data)

        audio_option = _parse_audio_option(d.pop("audio_option", UNSET))

        aspect_ratio = cast("AspectRatio | None | str | Unset", d.pop("aspect_ratio", UNSET))

        pipeline_mode = cast("None | PipelineMode | str | Unset", d.pop("pipeline_mode", UNSET))

        update_media_request = cls(
            title=title,
            description=description,
            visibility_status=visibility_status,
            rating=rating,
            webhook_url=webhook_url,
            media_items=media_items,
            prompt=prompt,
            video_tool=video_tool,
            quantity=quantity,
            duration=duration,
            loop=loop,
            audio_option=audio_option,
            aspect_ratio=aspect_ratio,
            pipeline_mode=pipeline_mode,
        )

        update_media_request.additional_properties = d
        return update_media_request

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


from ..models.media_audio_option import MediaAudioOption
from ..models.media_item import MediaItem
