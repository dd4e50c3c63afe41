# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types
from ..models.animation_model import AnimationModel, check_animation_model
from ..models.aspect_ratio import AspectRatio, check_aspect_ratio
from ..models.camera_path import CameraPath, check_camera_path
from ..models.motion_type import MotionType, check_motion_type
from ..models.narrator import Narrator, check_narrator
from ..models.video_tool import VideoTool, check_video_tool
from ..models.visibility_status import VisibilityStatus, check_visibility_status
from ..models.yes_no import YesNo, check_yes_no
from ..types import UNSET, File, FileTypes, Unset

T = TypeVar("T", bound="CreateMediaMultipart")


@_attrs_define
class CreateMediaMultipart:
    """A video from image files.

    Attributes:
        title (str | Unset): Title of the media. Default empty.
        description (str | Unset): Description of the media. Default empty.
        visibility_status (str | Unset | VisibilityStatus): Who can see the media: "0" private, "1" unlisted (the
            default), "2" public. v2 accepts it on update only, so any value other than "1" needs a second call there, which
            is free.
        rating (str | Unset): Rating of the media; empty for none. v2 accepts it on update only, so it needs a second
            call there, which is free.
        image_urls (list[str] | Unset): URLs of the first and, with a second one, the last frame. The key is repeated.
            Ignored where files are given. In v2: `media_items` with the positions First and Last.
        media_items (str | Unset): Images and videos to start from or to end with, as the JSON text of a list; the way
            to extend an existing video. Wins over files and URLs. v2 takes the list itself.
        prompt (str | Unset): What happens in the video. Default empty.
        motion_type (MotionType | str | Unset): Model that animates. Default "Auto". In v2: `video_tool`, which knows
            few of these names; "Auto" or the tool of the same family is the nearest. TryOnVideo, Parallax and StaticMotion
            have no successor.
        video_tool (str | Unset | VideoTool): Model that animates, in revised v1; wins over `motion_type`. The same in
            v2.
        camera_control (CameraPath | str | Unset): Path of the camera. Default "HorizontalArc"; original v1's values are
            for the motion type Parallax alone, revised v1 has its own (Static, Crane up, …). v2 has no such field; it is
            dropped: describe the camera in `prompt`.
        quantity (int | Unset): Number of videos, 1 to 4. Default 1. v2 takes a number, not text.
        duration (int | Unset): Length of the video in seconds, 1 to 10. Default 5. v2 takes a number, not text.
        loop (int | Unset): How often the motion is repeated, 1 to 6. Default 1. v2 takes a number, not text.
        motion_range (int | Unset): Amount of motion, 1 to 10. Default 5. v2 has no such field; it is dropped.
        sound_effects (str | Unset | YesNo): "Yes" adds sound effects. Default "No". In v2 `audio_option.native_audio`.
        native_audio (bool | Unset): Whether the video model generates the sound (revised v1); wins over
            `sound_effects`. In v2 `audio_option.native_audio`.
        audio_option (str | Unset): Narration, music and native audio in one object, as JSON text (revised v1); its keys
            win over the single fields. v2 takes the object itself.
        narrator (Narrator | str | Unset): Voice of `narration` (revised v1, earlier form). In v2
            `audio_option.narrator`.
        narration (str | Unset): The narration text (revised v1, earlier form). In v2 `audio_option.narration`.
        narration_url (str | Unset): URL of a recorded narration, which wins over `narration` (revised v1, earlier
            form). In v2 `audio_option.narration_url`.
        bg_music_prompt (str | Unset): The style of the background music (revised v1, earlier form). In v2
            `audio_option.bg_music_prompt`.
        bg_music_url (str | Unset): URL of the background music (revised v1, earlier form). In v2
            `audio_option.bg_music_url`.
        extend_video (bool | str | Unset | YesNo): "Yes" extends the video that was given. Default "No". v2 has no
            successor.
        character_animate (bool | str | Unset | YesNo): "Yes" animates a character; a boolean in revised v1. Default
            "No". v2 has no successor.
        model (AnimationModel | str | Unset): Model for animating a character (S2V) or for the motion type TryOnVideo
            (the others). v2 has neither: there is no successor.
        aspect_ratio (AspectRatio | str | Unset): Shape of the video.
        webhook_url (str | Unset): URL that receives a POST once the media is finished.
        image_files (list[File] | Unset): The first and, with a second one, the last frame; of more, the latest is the
            last frame. In v2: upload each through POST /v2/image and give the URLs as `media_items` with the positions
            First and Last.
    """

    title: str | Unset = UNSET
    description: str | Unset = UNSET
    visibility_status: str | Unset | VisibilityStatus = UNSET
    rating: str | Unset = UNSET
    image_urls: list[str] | Unset = UNSET
    media_items: str | Unset = UNSET
    prompt: str | Unset = UNSET
    motion_type: MotionType | str | Unset = UNSET
    video_tool: str | Unset | VideoTool = UNSET
    camera_control: CameraPath | str | Unset = UNSET
    quantity: int | Unset = UNSET
    duration: int | Unset = UNSET
    loop: int | Unset = UNSET
    motion_range: int | Unset = UNSET
    sound_effects: str | Unset | YesNo = UNSET
    native_audio: bool | Unset = UNSET
    audio_option: str | Unset = UNSET
    narrator: Narrator | str | Unset = UNSET
    narration: str | Unset = UNSET
    narration_url: str | Unset = UNSET
    bg_music_prompt: str | Unset = UNSET
    bg_music_url: str | Unset = UNSET
    extend_video: bool | str | Unset | YesNo = UNSET
    character_animate: bool | str | Unset | YesNo = UNSET
    model: AnimationModel | str | Unset = UNSET
    aspect_ratio: AspectRatio | str | Unset = UNSET
    webhook_url: str | Unset = UNSET
    image_files: list[File] | Unset = UNSET
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

        image_urls: list[str] | Unset = UNSET
        if not isinstance(self.image_urls, Unset):
            image_urls = self.image_urls

        media_items = self.media_items

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

        camera_control: str | Unset
        if isinstance(self.camera_control, Unset):
            camera_control = UNSET
        elif isinstance(self.camera_control, str):
            camera_control = self.camera_control
        else:
            camera_control = self.camera_control

        quantity = self.quantity

        duration = self.duration

        loop = self.loop

        motion_range = self.motion_range

        sound_effects: str | Unset
        if isinstance(self.sound_effects, Unset):
            sound_effects = UNSET
        elif isinstance(self.sound_effects, str):
            sound_effects = self.sound_effects
        else:
            sound_effects = self.sound_effects

        native_audio = self.native_audio

        audio_option = self.audio_option

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

        extend_video: bool | str | Unset
        if isinstance(self.extend_video, Unset):
            extend_video = UNSET
        elif isinstance(self.extend_video, str):
            extend_video = self.extend_video
        else:
            extend_video = self.extend_video

        character_animate: bool | str | Unset
        if isinstance(self.character_animate, Unset):
            character_animate = UNSET
        elif isinstance(self.character_animate, str):
            character_animate = self.character_animate
        else:
            character_animate = self.character_animate

        model: str | Unset
        if isinstance(self.model, Unset):
            model = UNSET
        elif isinstance(self.model, str):
            model = self.model
        else:
            model = self.model

        aspect_ratio: str | Unset
        if isinstance(self.aspect_ratio, Unset):
            aspect_ratio = UNSET
        elif isinstance(self.aspect_ratio, str):
            aspect_ratio = self.aspect_ratio
        else:
            aspect_ratio = self.aspect_ratio

        webhook_url = self.webhook_url

        image_files: list[FileTypes] | Unset = UNSET
        if not isinstance(self.image_files, Unset):
            image_files = []
            for image_files_item_data in self.image_files:
                image_files_item = image_files_item_data.to_tuple()

                image_files.append(image_files_item)

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
        if image_urls is not UNSET:
            field_dict["image_urls"] = image_urls
        if media_items is not UNSET:
            field_dict["media_items"] = media_items
        if prompt is not UNSET:
            field_dict["prompt"] = prompt
        if motion_type is not UNSET:
            field_dict["motion_type"] = motion_type
        if video_tool is not UNSET:
            field_dict["video_tool"] = video_tool
        if camera_control is not UNSET:
            field_dict["camera_control"] = camera_control
        if quantity is not UNSET:
            field_dict["quantity"] = quantity
        if duration is not UNSET:
            field_dict["duration"] = duration
        if loop is not UNSET:
            field_dict["loop"] = loop
        if motion_range is not UNSET:
            field_dict["motion_range"] = motion_range
        if sound_effects is not UNSET:
            field_dict["sound_effects"] = sound_effects
        if native_audio is not UNSET:
            field_dict["native_audio"] = native_audio
        if audio_option is not UNSET:
            field_dict["audio_option"] = audio_option
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
        if extend_video is not UNSET:
            field_dict["extend_video"] = extend_video
        if character_animate is not UNSET:
            field_dict["character_animate"] = character_animate
        if model is not UNSET:
            field_dict["model"] = model
        if aspect_ratio is not UNSET:
            field_dict["aspect_ratio"] = aspect_ratio
        if webhook_url is not UNSET:
            field_dict["webhook_url"] = webhook_url
        if image_files is not UNSET:
            field_dict["image_files"] = image_files

        return field_dict

    def to_multipart(self) -> types.RequestFiles:
        files: types.RequestFiles = []

        if not isinstance(self.title, Unset):
            files.append(("title", types.text_part(self.title)))

        if not isinstance(self.description, Unset):
            files.append(("description", types.text_part(self.description)))

        if not isinstance(self.visibility_status, Unset):
            if isinstance(self.visibility_status, str):
                files.append(
                    (
                        "visibility_status",
                        (None, str(self.visibility_status).encode(), "text/plain"),
                    )
                )
            else:
                files.append(("visibility_status", types.text_part(self.visibility_status)))

        if not isinstance(self.rating, Unset):
            files.append(("rating", types.text_part(self.rating)))

        if not isinstance(self.image_urls, Unset):
            for image_urls_item_element in self.image_urls:
                files.append(("image_urls", types.text_part(image_urls_item_element)))

        if not isinstance(self.media_items, Unset):
            files.append(("media_items", types.text_part(self.media_items)))

        if not isinstance(self.prompt, Unset):
            files.append(("prompt", types.text_part(self.prompt)))

        if not isinstance(self.motion_type, Unset):
            if isinstance(self.motion_type, str):
                files.append(("motion_type", (None, str(self.motion_type).encode(), "text/plain")))
            else:
                files.append(("motion_type", types.text_part(self.motion_type)))

        if not isinstance(self.video_tool, Unset):
            if isinstance(self.video_tool, str):
                files.append(("video_tool", (None, str(self.video_tool).encode(), "text/plain")))
            else:
                files.append(("video_tool", types.text_part(self.video_tool)))

        if not isinstance(self.camera_control, Unset):
            if isinstance(self.camera_control, str):
                files.append(
                    ("camera_control", (None, str(self.camera_control).encode(), "text/plain"))
                )
            else:
                files.append(("camera_control", types.text_part(self.camera_control)))

        if not isinstance(self.quantity, Unset):
            files.append(("quantity", (None, str(self.quantity).encode(), "text/plain")))

        if not isinstance(self.duration, Unset):
            files.append(("duration", (None, str(self.duration).encode(), "text/plain")))

        if not isinstance(self.loop, Unset):
            files.append(("loop", (None, str(self.loop).encode(), "text/plain")))

        if not isinstance(self.motion_range, Unset):
            files.append(("motion_range", (None, str(self.motion_range).encode(), "text/plain")))

        if not isinstance(self.sound_effects, Unset):
            if isinstance(self.sound_effects, str):
                files.append(
                    ("sound_effects", (None, str(self.sound_effects).encode(), "text/plain"))
                )
            else:
                files.append(("sound_effects", types.text_part(self.sound_effects)))

        if not isinstance(self.native_audio, Unset):
            files.append(("native_audio", types.text_part(bool(self.native_audio))))

        if not isinstance(self.audio_option, Unset):
            files.append(("audio_option", types.text_part(self.audio_option)))

        if not isinstance(self.narrator, Unset):
            if isinstance(self.narrator, str):
                files.append(("narrator", (None, str(self.narrator).encode(), "text/plain")))
            else:
                files.append(("narrator", types.text_part(self.narrator)))

        if not isinstance(self.narration, Unset):
            files.append(("narration", types.text_part(self.narration)))

        if not isinstance(self.narration_url, Unset):
            files.append(("narration_url", types.text_part(self.narration_url)))

        if not isinstance(self.bg_music_prompt, Unset):
            files.append(("bg_music_prompt", types.text_part(self.bg_music_prompt)))

        if not isinstance(self.bg_music_url, Unset):
            files.append(("bg_music_url", types.text_part(self.bg_music_url)))

        if not isinstance(self.extend_video, Unset):
            if isinstance(self.extend_video, str):
                files.append(
                    ("extend_video", (None, str(self.extend_video).encode(), "text/plain"))
                )
            elif isinstance(self.extend_video, str):
                files.append(("extend_video", types.text_part(self.extend_video)))
            else:
                files.append(("extend_video", types.text_part(bool(self.extend_video))))

        if not isinstance(self.character_animate, Unset):
            if isinstance(self.character_animate, str):
                files.append(
                    (
                        "character_animate",
                        (None, str(self.character_animate).encode(), "text/plain"),
                    )
                )
            elif isinstance(self.character_animate, str):
                files.append(("character_animate", types.text_part(self.character_animate)))
            else:
                files.append(("character_animate", types.text_part(bool(self.character_animate))))

        if not isinstance(self.model, Unset):
            if isinstance(self.model, str):
                files.append(("model", (None, str(self.model).encode(), "text/plain")))
            else:
                files.append(("model", types.text_part(self.model)))

        if not isinstance(self.aspect_ratio, Unset):
            if isinstance(self.aspect_ratio, str):
                files.append(
                    ("aspect_ratio", (None, str(self.aspect_ratio).encode(), "text/plain"))
                )
            else:
                files.append(("aspect_ratio", types.text_part(self.aspect_ratio)))

        if not isinstance(self.webhook_url, Unset):
            files.append(("webhook_url", types.text_part(self.webhook_url)))

        if not isinstance(self.image_files, Unset):
            for image_files_item_element in self.image_files:
                files.append(
                    ("image_files", types.file_part("image_files", image_files_item_element))
                )

        for prop_name, prop in self.additional_properties.items():
            files.append((prop_name, types.text_part(prop)))

        return files

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

        image_urls = cast(list[str], d.pop("image_urls", UNSET))

        media_items = d.pop("media_items", UNSET)

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

        quantity = d.pop("quantity", UNSET)

        duration = d.pop("duration", UNSET)

        loop = d.pop("loop", UNSET)

        motion_range = d.pop("motion_range", UNSET)

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

        audio_option = d.pop("audio_option", UNSET)

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

        def _parse_extend_video(data: object) -> bool | str | Unset | YesNo:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                extend_video_type_0 = check_yes_no(data)

                return extend_video_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(bool | str | Unset | YesNo, data)

        extend_video = _parse_extend_video(d.pop("extend_video", UNSET))

        def _parse_character_animate(data: object) -> bool | str | Unset | YesNo:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                character_animate_type_0 = check_yes_no(data)

                return character_animate_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(bool | str | Unset | YesNo, data)

        character_animate = _parse_character_animate(d.pop("character_animate", UNSET))

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

        webhook_url = d.pop("webhook_url", UNSET)

        _image_files = d.pop("image_files", UNSET)
        image_files: list[File] | Unset = UNSET
        if _image_files is not UNSET:
            image_files = []
            for image_files_item_data in _image_files:
                image_files_item = File(payload=BytesIO(image_files_item_data))

                image_files.append(image_files_item)

        create_media_multipart = cls(
            title=title,
            description=description,
            visibility_status=visibility_status,
            rating=rating,
            image_urls=image_urls,
            media_items=media_items,
            prompt=prompt,
            motion_type=motion_type,
            video_tool=video_tool,
            camera_control=camera_control,
            quantity=quantity,
            duration=duration,
            loop=loop,
            motion_range=motion_range,
            sound_effects=sound_effects,
            native_audio=native_audio,
            audio_option=audio_option,
            narrator=narrator,
            narration=narration,
            narration_url=narration_url,
            bg_music_prompt=bg_music_prompt,
            bg_music_url=bg_music_url,
            extend_video=extend_video,
            character_animate=character_animate,
            model=model,
            aspect_ratio=aspect_ratio,
            webhook_url=webhook_url,
            image_files=image_files,
        )

        create_media_multipart.additional_properties = d
        return create_media_multipart

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
