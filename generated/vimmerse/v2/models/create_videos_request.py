# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.video_tool import VideoTool, check_video_tool
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.storyboard import Storyboard


T = TypeVar("T", bound="CreateVideosRequest")


@_attrs_define
class CreateVideosRequest:
    """The body of step 3.

    Attributes:
        title (str | Unset): New title of the story.
        video_tool (str | Unset | VideoTool): The model that animates, which determines the price.
        duration (int | Unset): Length of each scene in seconds, 1 to 10 (version 1's bounds).
        is_transition (bool | Unset): Whether each scene flows into the next one.
        storyboard (Storyboard | Unset): The plan of a story. Parts that a step omits stay unchanged.
        webhook_url (str | Unset): URL for a POST once the story is final.
    """

    title: str | Unset = UNSET
    video_tool: str | Unset | VideoTool = UNSET
    duration: int | Unset = UNSET
    is_transition: bool | Unset = UNSET
    storyboard: Storyboard | Unset = UNSET
    webhook_url: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        title = self.title

        video_tool: str | Unset
        if isinstance(self.video_tool, Unset):
            video_tool = UNSET
        elif isinstance(self.video_tool, str):
            video_tool = self.video_tool
        else:
            video_tool = self.video_tool

        duration = self.duration

        is_transition = self.is_transition

        storyboard: dict[str, Any] | Unset = UNSET
        if not isinstance(self.storyboard, Unset):
            storyboard = self.storyboard.to_dict()

        webhook_url = self.webhook_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if title is not UNSET:
            field_dict["title"] = title
        if video_tool is not UNSET:
            field_dict["video_tool"] = video_tool
        if duration is not UNSET:
            field_dict["duration"] = duration
        if is_transition is not UNSET:
            field_dict["is_transition"] = is_transition
        if storyboard is not UNSET:
            field_dict["storyboard"] = storyboard
        if webhook_url is not UNSET:
            field_dict["webhook_url"] = webhook_url

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.storyboard import Storyboard  # noqa: PLC0415

        d = dict(src_dict)
        title = d.pop("title", UNSET)

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

        duration = d.pop("duration", UNSET)

        is_transition = d.pop("is_transition", UNSET)

        _storyboard = d.pop("storyboard", UNSET)
        storyboard: Storyboard | Unset
        if isinstance(_storyboard, Unset):
            storyboard = UNSET
        else:
            storyboard = Storyboard.from_dict(_storyboard)

        webhook_url = d.pop("webhook_url", UNSET)

        create_videos_request = cls(
            title=title,
            video_tool=video_tool,
            duration=duration,
            is_transition=is_transition,
            storyboard=storyboard,
            webhook_url=webhook_url,
        )

        create_videos_request.additional_properties = d
        return create_videos_request

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
