# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.motion_type import MotionType, check_motion_type
from ..models.video_tool import VideoTool, check_video_tool
from ..models.yes_no import YesNo, check_yes_no
from ..types import UNSET, Unset

T = TypeVar("T", bound="CreateVideosForm")


@_attrs_define
class CreateVideosForm:
    """How the scenes are animated. Objects are JSON text.

    Attributes:
        title (str | Unset): Title of the story. Default empty.
        storyboard (str | Unset): The storyboard, edited, as JSON text; if omitted, the story's own is used. v2 takes
            the object itself, whose elements have `image_url` instead of `URL`.
        scenes (str | Unset): The scenes, edited, as the JSON text of a list; left out, the storyboard's are used. They
            are laid over the storyboard's by position, field by field. In v2: `storyboard.scenes`, which is replaced as a
            whole.
        is_transition (bool | str | Unset | YesNo): "Yes" adds transitions between the scenes. Default "No". A boolean
            in revised v1 and in v2.
        motion_type (MotionType | str | Unset): Model that animates the scenes. Default "Auto". In v2: `video_tool`,
            which knows few of these names; "Auto" or the tool of the same family is the nearest. TryOnVideo, Parallax and
            StaticMotion have no successor.
        video_tool (str | Unset | VideoTool): Model that animates, in revised v1; wins over `motion_type`. The same in
            v2.
        duration (int | Unset): Length of each video in seconds, 1 to 10. Default 5. v2 takes a number, not text.
        loop (int | Unset): How often each motion is repeated, 1 to 6. Default 1. v2 has no such field; it is dropped.
        sound_effects (str | Unset | YesNo): "Yes" adds sound effects. Default "No". v2 takes no audio on this step, and
            "Yes" is dropped: say it at step 1 or on scenes, as `audio_option.native_audio`.
        native_audio (bool | Unset): Lets the video model make the sound (revised v1, which ignores it here). v2 takes
            no audio on this step; it is dropped: say it at step 1 or on scenes, as `audio_option.native_audio`.
        webhook_url (str | Unset): URL that receives a POST once the story is finished.
    """

    title: str | Unset = UNSET
    storyboard: str | Unset = UNSET
    scenes: str | Unset = UNSET
    is_transition: bool | str | Unset | YesNo = UNSET
    motion_type: MotionType | str | Unset = UNSET
    video_tool: str | Unset | VideoTool = UNSET
    duration: int | Unset = UNSET
    loop: int | Unset = UNSET
    sound_effects: str | Unset | YesNo = UNSET
    native_audio: bool | Unset = UNSET
    webhook_url: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        title = self.title

        storyboard = self.storyboard

        scenes = self.scenes

        is_transition: bool | str | Unset
        if isinstance(self.is_transition, Unset):
            is_transition = UNSET
        elif isinstance(self.is_transition, str):
            is_transition = self.is_transition
        else:
            is_transition = self.is_transition

        motion_type: str | Unset
        if isinstance(self.motion_type, Unset):
            motion_type = UNSET
        elif isinstance(self.motion_type, str):
            motion_type = self.motion_type
        else:
            motion_type = self.motion_type

        video_tool: str | Unset
        if isinstance(self.video_tool, Unset):
            video_tool = UNSET
        elif isinstance(self.video_tool, str):
            video_tool = self.video_tool
        else:
            video_tool = self.video_tool

        duration = self.duration

        loop = self.loop

        sound_effects: str | Unset
        if isinstance(self.sound_effects, Unset):
            sound_effects = UNSET
        elif isinstance(self.sound_effects, str):
            sound_effects = self.sound_effects
        else:
            sound_effects = self.sound_effects

        native_audio = self.native_audio

        webhook_url = self.webhook_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if title is not UNSET:
            field_dict["title"] = title
        if storyboard is not UNSET:
            field_dict["storyboard"] = storyboard
        if scenes is not UNSET:
            field_dict["scenes"] = scenes
        if is_transition is not UNSET:
            field_dict["is_transition"] = is_transition
        if motion_type is not UNSET:
            field_dict["motion_type"] = motion_type
        if video_tool is not UNSET:
            field_dict["video_tool"] = video_tool
        if duration is not UNSET:
            field_dict["duration"] = duration
        if loop is not UNSET:
            field_dict["loop"] = loop
        if sound_effects is not UNSET:
            field_dict["sound_effects"] = sound_effects
        if native_audio is not UNSET:
            field_dict["native_audio"] = native_audio
        if webhook_url is not UNSET:
            field_dict["webhook_url"] = webhook_url

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        title = d.pop("title", UNSET)

        storyboard = d.pop("storyboard", UNSET)

        scenes = d.pop("scenes", UNSET)

        def _parse_is_transition(data: object) -> bool | str | Unset | YesNo:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                is_transition_type_0 = check_yes_no(data)

                return is_transition_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(bool | str | Unset | YesNo, data)

        is_transition = _parse_is_transition(d.pop("is_transition", UNSET))

        def _parse_motion_type(data: object) -> MotionType | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                motion_type_type_0 = check_motion_type(data)

                return motion_type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MotionType | str | Unset, data)

        motion_type = _parse_motion_type(d.pop("motion_type", UNSET))

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

        loop = d.pop("loop", UNSET)

        def _parse_sound_effects(data: object) -> str | Unset | YesNo:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                sound_effects_type_0 = check_yes_no(data)

                return sound_effects_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(str | Unset | YesNo, data)

        sound_effects = _parse_sound_effects(d.pop("sound_effects", UNSET))

        native_audio = d.pop("native_audio", UNSET)

        webhook_url = d.pop("webhook_url", UNSET)

        create_videos_form = cls(
            title=title,
            storyboard=storyboard,
            scenes=scenes,
            is_transition=is_transition,
            motion_type=motion_type,
            video_tool=video_tool,
            duration=duration,
            loop=loop,
            sound_effects=sound_effects,
            native_audio=native_audio,
            webhook_url=webhook_url,
        )

        create_videos_form.additional_properties = d
        return create_videos_form

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
