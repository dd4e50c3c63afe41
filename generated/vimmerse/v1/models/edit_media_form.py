# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.animation_model import AnimationModel, check_animation_model
from ..models.aspect_ratio import AspectRatio, check_aspect_ratio
from ..models.camera_path import CameraPath, check_camera_path
from ..models.motion_type import MotionType, check_motion_type
from ..models.narrator import Narrator, check_narrator
from ..models.video_tool import VideoTool, check_video_tool
from ..models.visibility_status import VisibilityStatus, check_visibility_status
from ..models.yes_no import YesNo, check_yes_no
from ..types import UNSET, Unset

T = TypeVar("T", bound="EditMediaForm")


@_attrs_define
class EditMediaForm:
    """Changes to a media. Omitted fields stay unchanged. Objects are JSON text.

    Attributes:
        title (str | Unset): New title; unchanged if omitted. Free.
        description (str | Unset): New description; unchanged if omitted. Free.
        visibility_status (str | Unset | VisibilityStatus): Who can see the media: "0" private, "1" unlisted, "2"
            public. Unchanged if omitted. Free.
        rating (str | Unset): New rating; unchanged if omitted. Free.
        webhook_url (str | Unset): URL that receives a POST once the media is finished; unchanged if omitted. Free.
        prompt (str | Unset): What happens in the video; unchanged if omitted. Paid.
        motion_type (MotionType | str | Unset): Model that animates; unchanged if omitted. Paid. In v2: `video_tool`,
            which knows few of these names.
        video_tool (str | Unset | VideoTool): Model that animates, by the name of v2; wins over `motion_type`. Paid. The
            same in v2.
        quantity (int | Unset): Number of videos, 1 to 4; unchanged if omitted. Paid. v2 takes a number, not text.
        duration (int | Unset): Length of the video in seconds, 1 to 10; unchanged if omitted. Paid. v2 takes a number,
            not text.
        loop (int | Unset): How often the motion is repeated, 1 to 6; unchanged if omitted. Paid. v2 takes a number, not
            text.
        aspect_ratio (AspectRatio | str | Unset): Shape of the video; unchanged if omitted. Paid.
        sound_effects (str | Unset | YesNo): "Yes" adds sound effects; unchanged if omitted. Paid. In v2
            `audio_option.native_audio`.
        media_items (str | Unset): Images and videos to start from or to end with, as the JSON text of a list; the way
            to extend an existing video. Wins over files and URLs. v2 takes the list itself.
        camera_control (CameraPath | str | Unset): Path of the camera; unchanged if omitted. Paid. v2 has no such field;
            it is dropped: describe the camera in `prompt`.
        model (AnimationModel | str | Unset): Model for animating a character (S2V) or for the motion type TryOnVideo
            (the others). v2 has neither: there is no successor.
        audio_option (str | Unset): Narration, music and native audio in one object, as JSON text (revised v1); its keys
            win over the single fields. v2 takes the object itself.
        native_audio (bool | Unset): Whether the video model generates the sound (revised v1); wins over
            `sound_effects`. In v2 `audio_option.native_audio`.
        narrator (Narrator | str | Unset): Voice of `narration` (revised v1, earlier form). In v2
            `audio_option.narrator`.
        narration (str | Unset): The narration text (revised v1, earlier form). In v2 `audio_option.narration`.
        narration_url (str | Unset): URL of a recorded narration, which wins over `narration` (revised v1, earlier
            form). In v2 `audio_option.narration_url`.
        bg_music_prompt (str | Unset): The style of the background music (revised v1, earlier form). In v2
            `audio_option.bg_music_prompt`.
        bg_music_url (str | Unset): URL of the background music (revised v1, earlier form). In v2
            `audio_option.bg_music_url`.
    """

    title: str | Unset = UNSET
    description: str | Unset = UNSET
    visibility_status: str | Unset | VisibilityStatus = UNSET
    rating: str | Unset = UNSET
    webhook_url: str | Unset = UNSET
    prompt: str | Unset = UNSET
    motion_type: MotionType | str | Unset = UNSET
    video_tool: str | Unset | VideoTool = UNSET
    quantity: int | Unset = UNSET
    duration: int | Unset = UNSET
    loop: int | Unset = UNSET
    aspect_ratio: AspectRatio | str | Unset = UNSET
    sound_effects: str | Unset | YesNo = UNSET
    media_items: str | Unset = UNSET
    camera_control: CameraPath | str | Unset = UNSET
    model: AnimationModel | str | Unset = UNSET
    audio_option: str | Unset = UNSET
    native_audio: bool | Unset = UNSET
    narrator: Narrator | str | Unset = UNSET
    narration: str | Unset = UNSET
    narration_url: str | Unset = UNSET
    bg_music_prompt: str | Unset = UNSET
    bg_music_url: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        title = self.title

        description = self.description

        visibility_status: str | Unset
        if isinstance(self.visibility_status, Unset):
            visibility_status = UNSET
        elif isinstance(self.visibility_status, str):
            visibility_status = self.visibility_status
        else:
            visibility_status = self.visibility_status

        rating = self.rating

        webhook_url = self.webhook_url

        prompt = self.prompt

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

        sound_effects: str | Unset
        if isinstance(self.sound_effects, Unset):
            sound_effects = UNSET
        elif isinstance(self.sound_effects, str):
            sound_effects = self.sound_effects
        else:
            sound_effects = self.sound_effects

        media_items = self.media_items

        camera_control: str | Unset
        if isinstance(self.camera_control, Unset):
            camera_control = UNSET
        elif isinstance(self.camera_control, str):
            camera_control = self.camera_control
        else:
            camera_control = self.camera_control

        model: str | Unset
        if isinstance(self.model, Unset):
            model = UNSET
        elif isinstance(self.model, str):
            model = self.model
        else:
            model = self.model

        audio_option = self.audio_option

        native_audio = self.native_audio

        narrator: str | Unset
        if isinstance(self.narrator, Unset):
            narrator = UNSET
        elif isinstance(self.narrator, str):
            narrator = self.narrator
        else:
            narrator = self.narrator

        narration = self.narration

        narration_url = self.narration_url

        bg_music_prompt = self.bg_music_prompt

        bg_music_url = self.bg_music_url

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
        if prompt is not UNSET:
            field_dict["prompt"] = prompt
        if motion_type is not UNSET:
            field_dict["motion_type"] = motion_type
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
        if sound_effects is not UNSET:
            field_dict["sound_effects"] = sound_effects
        if media_items is not UNSET:
            field_dict["media_items"] = media_items
        if camera_control is not UNSET:
            field_dict["camera_control"] = camera_control
        if model is not UNSET:
            field_dict["model"] = model
        if audio_option is not UNSET:
            field_dict["audio_option"] = audio_option
        if native_audio is not UNSET:
            field_dict["native_audio"] = native_audio
        if narrator is not UNSET:
            field_dict["narrator"] = narrator
        if narration is not UNSET:
            field_dict["narration"] = narration
        if narration_url is not UNSET:
            field_dict["narration_url"] = narration_url
        if bg_music_prompt is not UNSET:
            field_dict["bg_music_prompt"] = bg_music_prompt
        if bg_music_url is not UNSET:
            field_dict["bg_music_url"] = bg_music_url

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        title = d.pop("title", UNSET)

        description = d.pop("description", UNSET)

        def _parse_visibility_status(data: object) -> str | Unset | VisibilityStatus:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                visibility_status_type_0 = check_visibility_status(data)

                return visibility_status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(str | Unset | VisibilityStatus, data)

        visibility_status = _parse_visibility_status(d.pop("visibility_status", UNSET))

        rating = d.pop("rating", UNSET)

        webhook_url = d.pop("webhook_url", UNSET)

        prompt = d.pop("prompt", UNSET)

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

        media_items = d.pop("media_items", UNSET)

        def _parse_camera_control(data: object) -> CameraPath | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                camera_control_type_0 = check_camera_path(data)

                return camera_control_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CameraPath | str | Unset, data)

        camera_control = _parse_camera_control(d.pop("camera_control", UNSET))

        def _parse_model(data: object) -> AnimationModel | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                model_type_0 = check_animation_model(data)

                return model_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AnimationModel | str | Unset, data)

        model = _parse_model(d.pop("model", UNSET))

        audio_option = d.pop("audio_option", UNSET)

        native_audio = d.pop("native_audio", UNSET)

        def _parse_narrator(data: object) -> Narrator | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                narrator_type_0 = check_narrator(data)

                return narrator_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Narrator | str | Unset, data)

        narrator = _parse_narrator(d.pop("narrator", UNSET))

        narration = d.pop("narration", UNSET)

        narration_url = d.pop("narration_url", UNSET)

        bg_music_prompt = d.pop("bg_music_prompt", UNSET)

        bg_music_url = d.pop("bg_music_url", UNSET)

        edit_media_form = cls(
            title=title,
            description=description,
            visibility_status=visibility_status,
            rating=rating,
            webhook_url=webhook_url,
            prompt=prompt,
            motion_type=motion_type,
            video_tool=video_tool,
            quantity=quantity,
            duration=duration,
            loop=loop,
            aspect_ratio=aspect_ratio,
            sound_effects=sound_effects,
            media_items=media_items,
            camera_control=camera_control,
            model=model,
            audio_option=audio_option,
            native_audio=native_audio,
            narrator=narrator,
            narration=narration,
            narration_url=narration_url,
            bg_music_prompt=bg_music_prompt,
            bg_music_url=bg_music_url,
        )

        edit_media_form.additional_properties = d
        return edit_media_form

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
