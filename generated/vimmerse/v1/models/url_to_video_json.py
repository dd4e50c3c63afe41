# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.aspect_ratio import AspectRatio, check_aspect_ratio
from ..models.image_option import ImageOption, check_image_option
from ..models.image_tool import ImageTool, check_image_tool
from ..models.language import Language, check_language
from ..models.motion_type import MotionType, check_motion_type
from ..models.narrator import Narrator, check_narrator
from ..models.video_tool import VideoTool, check_video_tool
from ..models.visibility_status import VisibilityStatus, check_visibility_status
from ..models.yes_no import YesNo, check_yes_no
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.elements import Elements
    from ..models.story_audio_option import StoryAudioOption


T = TypeVar("T", bound="UrlToVideoJson")


@_attrs_define
class UrlToVideoJson:
    """A video from an idea and a web page, as JSON. Objects are JSON objects.

    Attributes:
        idea (str | Unset): What the video is about, with the URL of the page.
        title (str | Unset): Title of the story. Default empty.
        description (str | Unset): Description of the story. Default empty. v2 has no such field; it is dropped.
        visibility_status (str | Unset | VisibilityStatus): Who can see the story: "0" private, "1" unlisted (the
            default), "2" public. v2 has no such field on stories, so v2 can't create a private story.
        scene_count (int | Unset): Number of scenes. Default 3, by the page's table; its text says that the number is
            chosen automatically when left out. v2 takes a number, not text.
        option (ImageOption | str | Unset): Model that draws the images. Default "FluxKontextPro". The elements step
            does not list FluxFinetuned. In v2: `image_tool`, which knows few of these names; for most of them "AutoI" is
            the nearest.
        image_tool (ImageTool | str | Unset): Model that draws the images, in revised v1; wins over `option`. The same
            in v2.
        generate_elements (bool | Unset): Draws the characters and objects first, so that they look the same in all
            scenes. Default true; only the options FluxKontextPro, FluxKontextMax and OpenAI-Image-1 use it. v2 has no such
            field; it is dropped. The elements step of v2 does the same work.
        enhance_image (bool | Unset): Sharpens the images afterwards, by super-resolution at their own size. Default
            true; on scenes, false in revised v1. v2 has no such field; it is dropped.
        seed (int | Unset): Seed of the image generation. v2 has no such field; it is dropped.
        aspect_ratio (AspectRatio | str | Unset): Shape of the video. Default "16:9".
        is_transition (bool | str | Unset | YesNo): "Yes" adds transitions between the scenes. Default "No". A boolean
            in revised v1 and in v2.
        motion_type (MotionType | str | Unset): Model that animates the scenes. Default "Auto". In v2: `video_tool`,
            which knows few of these names; "Auto" or the tool of the same family is the nearest. TryOnVideo, Parallax and
            StaticMotion have no successor.
        video_tool (str | Unset | VideoTool): Model that animates, in revised v1; wins over `motion_type`. The same in
            v2.
        duration (int | Unset): Length of each scene in seconds, 1 to 10. Default 5. In v2: `scene_duration`, which is 5
            or 10.
        scene_duration (int | Unset): Length of each scene in seconds, 5 or 10, in revised v1; wins over `duration`. The
            same in v2.
        loop (int | Unset): How often each motion is repeated, 1 to 6. Default 1; a narrator overrules it. v2 has no
            such field on stories; it is dropped.
        language (Language | str | Unset): Language of the texts and the narration, in revised v1. The same in v2.
        elements (Elements | str | Unset): Characters, environments and objects that the storyboard must use (revised
            v1), as an object or as its JSON text. The same in v2, as an object.
        narrator (Narrator | str | Unset): Voice that reads the narration. Default "Rachel", in both revisions. In v2:
            `audio_option.narrator`, whose default is "AutoV".
        background_music (bool | Unset): Adds background music. Default true. In v2 `audio_option.has_bg_music`.
        sound_effects (str | Unset | YesNo): "Yes" adds sound effects. Default "No". In v2: `audio_option.native_audio`,
            which also switches the narration off and doubles the price.
        audio_option (StoryAudioOption | str | Unset): Narration, music and native audio (revised v1), as an object or
            as its JSON text; its keys win over the single fields. The same in v2, as an object.
        native_audio (bool | Unset): Whether the video model generates the sound (revised v1). In v2:
            `audio_option.native_audio`, which also switches the narration off and doubles the price.
        has_narration (bool | Unset): Adds a narration (revised v1). In v2 `audio_option.has_narration`.
        has_bg_music (bool | Unset): Adds background music (revised v1); wins over `background_music`. In v2
            `audio_option.has_bg_music`.
        webhook_url (str | Unset): URL that receives a POST once the story is finished.
    """

    idea: str | Unset = UNSET
    title: str | Unset = UNSET
    description: str | Unset = UNSET
    visibility_status: str | Unset | VisibilityStatus = UNSET
    scene_count: int | Unset = UNSET
    option: ImageOption | str | Unset = UNSET
    image_tool: ImageTool | str | Unset = UNSET
    generate_elements: bool | Unset = UNSET
    enhance_image: bool | Unset = UNSET
    seed: int | Unset = UNSET
    aspect_ratio: AspectRatio | str | Unset = UNSET
    is_transition: bool | str | Unset | YesNo = UNSET
    motion_type: MotionType | str | Unset = UNSET
    video_tool: str | Unset | VideoTool = UNSET
    duration: int | Unset = UNSET
    scene_duration: int | Unset = UNSET
    loop: int | Unset = UNSET
    language: Language | str | Unset = UNSET
    elements: Elements | str | Unset = UNSET
    narrator: Narrator | str | Unset = UNSET
    background_music: bool | Unset = UNSET
    sound_effects: str | Unset | YesNo = UNSET
    audio_option: StoryAudioOption | str | Unset = UNSET
    native_audio: bool | Unset = UNSET
    has_narration: bool | Unset = UNSET
    has_bg_music: bool | Unset = UNSET
    webhook_url: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.elements import Elements  # noqa: PLC0415
        from ..models.story_audio_option import StoryAudioOption  # noqa: PLC0415

        idea = self.idea

        title = self.title

        description = self.description

        visibility_status: str | Unset
        if isinstance(self.visibility_status, Unset):
            visibility_status = UNSET
        elif isinstance(self.visibility_status, str):
            visibility_status = self.visibility_status
        else:
            visibility_status = self.visibility_status

        scene_count = self.scene_count

        option: str | Unset
        if isinstance(self.option, Unset):
            option = UNSET
        elif isinstance(self.option, str):
            option = self.option
        else:
            option = self.option

        image_tool: str | Unset
        if isinstance(self.image_tool, Unset):
            image_tool = UNSET
        elif isinstance(self.image_tool, str):
            image_tool = self.image_tool
        else:
            image_tool = self.image_tool

        generate_elements = self.generate_elements

        enhance_image = self.enhance_image

        seed = self.seed

        aspect_ratio: str | Unset
        if isinstance(self.aspect_ratio, Unset):
            aspect_ratio = UNSET
        elif isinstance(self.aspect_ratio, str):
            aspect_ratio = self.aspect_ratio
        else:
            aspect_ratio = self.aspect_ratio

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

        scene_duration = self.scene_duration

        loop = self.loop

        language: str | Unset
        if isinstance(self.language, Unset):
            language = UNSET
        elif isinstance(self.language, str):
            language = self.language
        else:
            language = self.language

        elements: dict[str, Any] | str | Unset
        if isinstance(self.elements, Unset):
            elements = UNSET
        elif isinstance(self.elements, Elements):
            elements = self.elements.to_dict()
        else:
            elements = self.elements

        narrator: str | Unset
        if isinstance(self.narrator, Unset):
            narrator = UNSET
        elif isinstance(self.narrator, str):
            narrator = self.narrator
        else:
            narrator = self.narrator

        background_music = self.background_music

        sound_effects: str | Unset
        if isinstance(self.sound_effects, Unset):
            sound_effects = UNSET
        elif isinstance(self.sound_effects, str):
            sound_effects = self.sound_effects
        else:
            sound_effects = self.sound_effects

        audio_option: dict[str, Any] | str | Unset
        if isinstance(self.audio_option, Unset):
            audio_option = UNSET
        elif isinstance(self.audio_option, StoryAudioOption):
            audio_option = self.audio_option.to_dict()
        else:
            audio_option = self.audio_option

        native_audio = self.native_audio

        has_narration = self.has_narration

        has_bg_music = self.has_bg_music

        webhook_url = self.webhook_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if idea is not UNSET:
            field_dict["idea"] = idea
        if title is not UNSET:
            field_dict["title"] = title
        if description is not UNSET:
            field_dict["description"] = description
        if visibility_status is not UNSET:
            field_dict["visibility_status"] = visibility_status
        if scene_count is not UNSET:
            field_dict["scene_count"] = scene_count
        if option is not UNSET:
            field_dict["option"] = option
        if image_tool is not UNSET:
            field_dict["image_tool"] = image_tool
        if generate_elements is not UNSET:
            field_dict["generate_elements"] = generate_elements
        if enhance_image is not UNSET:
            field_dict["enhance_image"] = enhance_image
        if seed is not UNSET:
            field_dict["seed"] = seed
        if aspect_ratio is not UNSET:
            field_dict["aspect_ratio"] = aspect_ratio
        if is_transition is not UNSET:
            field_dict["is_transition"] = is_transition
        if motion_type is not UNSET:
            field_dict["motion_type"] = motion_type
        if video_tool is not UNSET:
            field_dict["video_tool"] = video_tool
        if duration is not UNSET:
            field_dict["duration"] = duration
        if scene_duration is not UNSET:
            field_dict["scene_duration"] = scene_duration
        if loop is not UNSET:
            field_dict["loop"] = loop
        if language is not UNSET:
            field_dict["language"] = language
        if elements is not UNSET:
            field_dict["elements"] = elements
        if narrator is not UNSET:
            field_dict["narrator"] = narrator
        if background_music is not UNSET:
            field_dict["background_music"] = background_music
        if sound_effects is not UNSET:
            field_dict["sound_effects"] = sound_effects
        if audio_option is not UNSET:
            field_dict["audio_option"] = audio_option
        if native_audio is not UNSET:
            field_dict["native_audio"] = native_audio
        if has_narration is not UNSET:
            field_dict["has_narration"] = has_narration
        if has_bg_music is not UNSET:
            field_dict["has_bg_music"] = has_bg_music
        if webhook_url is not UNSET:
            field_dict["webhook_url"] = webhook_url

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.elements import Elements  # noqa: PLC0415
        from ..models.story_audio_option import StoryAudioOption  # noqa: PLC0415

        d = dict(src_dict)
        idea = d.pop("idea", UNSET)

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

        scene_count = d.pop("scene_count", UNSET)

        def _parse_option(data: object) -> ImageOption | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                option_type_0 = check_image_option(data)

                return option_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ImageOption | str | Unset, data)

        option = _parse_option(d.pop("option", UNSET))

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

        generate_elements = d.pop("generate_elements", UNSET)

        enhance_image = d.pop("enhance_image", UNSET)

        seed = d.pop("seed", UNSET)

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

        scene_duration = d.pop("scene_duration", UNSET)

        loop = d.pop("loop", UNSET)

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

        def _parse_elements(data: object) -> Elements | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                elements_type_0 = Elements.from_dict(data)

                return elements_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Elements | str | Unset, data)

        elements = _parse_elements(d.pop("elements", UNSET))

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

        background_music = d.pop("background_music", UNSET)

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

        def _parse_audio_option(data: object) -> StoryAudioOption | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                audio_option_type_0 = StoryAudioOption.from_dict(data)

                return audio_option_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(StoryAudioOption | str | Unset, data)

        audio_option = _parse_audio_option(d.pop("audio_option", UNSET))

        native_audio = d.pop("native_audio", UNSET)

        has_narration = d.pop("has_narration", UNSET)

        has_bg_music = d.pop("has_bg_music", UNSET)

        webhook_url = d.pop("webhook_url", UNSET)

        url_to_video_json = cls(
            idea=idea,
            title=title,
            description=description,
            visibility_status=visibility_status,
            scene_count=scene_count,
            option=option,
            image_tool=image_tool,
            generate_elements=generate_elements,
            enhance_image=enhance_image,
            seed=seed,
            aspect_ratio=aspect_ratio,
            is_transition=is_transition,
            motion_type=motion_type,
            video_tool=video_tool,
            duration=duration,
            scene_duration=scene_duration,
            loop=loop,
            language=language,
            elements=elements,
            narrator=narrator,
            background_music=background_music,
            sound_effects=sound_effects,
            audio_option=audio_option,
            native_audio=native_audio,
            has_narration=has_narration,
            has_bg_music=has_bg_music,
            webhook_url=webhook_url,
        )

        url_to_video_json.additional_properties = d
        return url_to_video_json

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
