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
from ..models.visibility_status import VisibilityStatus, check_visibility_status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.media_audio_option import MediaAudioOption
    from ..models.media_item import MediaItem


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
        from ..models.media_audio_option import MediaAudioOption  # noqa: PLC0415

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
        from ..models.media_audio_option import MediaAudioOption  # noqa: PLC0415
        from ..models.media_item import MediaItem  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_title(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        title = _parse_title(d.pop("title", UNSET))

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        def _parse_visibility_status(data: object) -> None | str | Unset | VisibilityStatus:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                visibility_status_type_0 = check_visibility_status(data)

                return visibility_status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | str | Unset | VisibilityStatus, data)

        visibility_status = _parse_visibility_status(d.pop("visibility_status", UNSET))

        def _parse_rating(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        rating = _parse_rating(d.pop("rating", UNSET))

        def _parse_webhook_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        webhook_url = _parse_webhook_url(d.pop("webhook_url", UNSET))

        def _parse_media_items(data: object) -> list[MediaItem] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                media_items_type_0 = []
                _media_items_type_0 = data
                for media_items_type_0_item_data in _media_items_type_0:
                    media_items_type_0_item = MediaItem.from_dict(media_items_type_0_item_data)

                    media_items_type_0.append(media_items_type_0_item)

                return media_items_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[MediaItem] | None | Unset, data)

        media_items = _parse_media_items(d.pop("media_items", UNSET))

        def _parse_prompt(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        prompt = _parse_prompt(d.pop("prompt", UNSET))

        def _parse_video_tool(data: object) -> None | str | Unset | VideoTool:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                video_tool_type_0 = check_video_tool(data)

                return video_tool_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | str | Unset | VideoTool, data)

        video_tool = _parse_video_tool(d.pop("video_tool", UNSET))

        def _parse_quantity(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        quantity = _parse_quantity(d.pop("quantity", UNSET))

        def _parse_duration(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        duration = _parse_duration(d.pop("duration", UNSET))

        def _parse_loop(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        loop = _parse_loop(d.pop("loop", UNSET))

        def _parse_audio_option(data: object) -> MediaAudioOption | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                audio_option_type_0 = MediaAudioOption.from_dict(data)

                return audio_option_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MediaAudioOption | None | Unset, data)

        audio_option = _parse_audio_option(d.pop("audio_option", UNSET))

        def _parse_aspect_ratio(data: object) -> AspectRatio | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                aspect_ratio_type_0 = check_aspect_ratio(data)

                return aspect_ratio_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AspectRatio | None | str | Unset, data)

        aspect_ratio = _parse_aspect_ratio(d.pop("aspect_ratio", UNSET))

        def _parse_pipeline_mode(data: object) -> None | PipelineMode | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                pipeline_mode_type_0 = check_pipeline_mode(data)

                return pipeline_mode_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PipelineMode | str | Unset, data)

        pipeline_mode = _parse_pipeline_mode(d.pop("pipeline_mode", UNSET))

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
