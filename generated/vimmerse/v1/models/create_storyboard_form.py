# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.aspect_ratio import AspectRatio, check_aspect_ratio
from ..models.language import Language, check_language
from ..models.narrator import Narrator, check_narrator
from ..models.visibility_status import VisibilityStatus, check_visibility_status
from ..models.yes_no import YesNo, check_yes_no
from ..types import UNSET, Unset

T = TypeVar("T", bound="CreateStoryboardForm")


@_attrs_define
class CreateStoryboardForm:
    """A storyboard from an idea, as a form. Objects are JSON text.

    Attributes:
        story_id (str | Unset): Story to edit instead of making a new one (revised v1). v2 has no such field and would
            make a second story, so there is no successor.
        idea (str | Unset): What the video is about. Default empty, which is allowed.
        title (str | Unset): Title of the story. Default empty.
        scene_count (int | Unset): Number of scenes. Default 3, by the page's table; its text says that the number is
            chosen automatically when left out. With images it is their number. v2 takes a number, not text.
        language (Language | str | Unset): Language of the texts and the narration, in revised v1. The same in v2.
        aspect_ratio (AspectRatio | str | Unset): Shape of the video. Default "16:9".
        visibility_status (str | Unset | VisibilityStatus): Who can see the story: "0" private, "1" unlisted (the
            default), "2" public. v2 has no such field on stories, so v2 can't create a private story.
        elements (str | Unset): Characters, environments and objects that the storyboard must use, as JSON text (revised
            v1). v2 takes the object itself.
        image_urls (list[str] | Unset): URLs of images to build the scenes on, in order (revised v1). On a form the key
            is repeated. The same in v2.
        narrator (Narrator | str | Unset): Voice that reads the narration. Default "Rachel", in both revisions. In v2:
            `audio_option.narrator`, whose default is "AutoV".
        background_music (bool | Unset): Adds background music. Default true. In v2 `audio_option.has_bg_music`.
        sound_effects (str | Unset | YesNo): "Yes" adds sound effects. Default "No". In v2: `audio_option.native_audio`,
            which also switches the narration off and doubles the price.
        audio_option (str | Unset): Narration, music and native audio in one object, as JSON text (revised v1); its keys
            win over the single fields. v2 takes the object itself.
        native_audio (bool | Unset): Whether the video model generates the sound (revised v1). In v2:
            `audio_option.native_audio`, which also switches the narration off and doubles the price.
        has_narration (bool | Unset): Adds a narration (revised v1). In v2 `audio_option.has_narration`.
        has_bg_music (bool | Unset): Adds background music (revised v1); wins over `background_music`. In v2
            `audio_option.has_bg_music`.
    """

    story_id: str | Unset = UNSET
    idea: str | Unset = UNSET
    title: str | Unset = UNSET
    scene_count: int | Unset = UNSET
    language: Language | str | Unset = UNSET
    aspect_ratio: AspectRatio | str | Unset = UNSET
    visibility_status: str | Unset | VisibilityStatus = UNSET
    elements: str | Unset = UNSET
    image_urls: list[str] | Unset = UNSET
    narrator: Narrator | str | Unset = UNSET
    background_music: bool | Unset = UNSET
    sound_effects: str | Unset | YesNo = UNSET
    audio_option: str | Unset = UNSET
    native_audio: bool | Unset = UNSET
    has_narration: bool | Unset = UNSET
    has_bg_music: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        story_id = self.story_id

        idea = self.idea

        title = self.title

        scene_count = self.scene_count

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

        visibility_status: str | Unset
        if isinstance(self.visibility_status, Unset):
            visibility_status = UNSET
        elif isinstance(self.visibility_status, str):
            visibility_status = self.visibility_status
        else:
            visibility_status = self.visibility_status

        elements = self.elements

        image_urls: list[str] | Unset = UNSET
        if not isinstance(self.image_urls, Unset):
            image_urls = self.image_urls

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

        audio_option = self.audio_option

        native_audio = self.native_audio

        has_narration = self.has_narration

        has_bg_music = self.has_bg_music

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if story_id is not UNSET:
            field_dict["story_id"] = story_id
        if idea is not UNSET:
            field_dict["idea"] = idea
        if title is not UNSET:
            field_dict["title"] = title
        if scene_count is not UNSET:
            field_dict["scene_count"] = scene_count
        if language is not UNSET:
            field_dict["language"] = language
        if aspect_ratio is not UNSET:
            field_dict["aspect_ratio"] = aspect_ratio
        if visibility_status is not UNSET:
            field_dict["visibility_status"] = visibility_status
        if elements is not UNSET:
            field_dict["elements"] = elements
        if image_urls is not UNSET:
            field_dict["image_urls"] = image_urls
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

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        story_id = d.pop("story_id", UNSET)

        idea = d.pop("idea", UNSET)

        title = d.pop("title", UNSET)

        scene_count = d.pop("scene_count", UNSET)

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

        elements = d.pop("elements", UNSET)

        image_urls = cast(list[str], d.pop("image_urls", UNSET))

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

        audio_option = d.pop("audio_option", UNSET)

        native_audio = d.pop("native_audio", UNSET)

        has_narration = d.pop("has_narration", UNSET)

        has_bg_music = d.pop("has_bg_music", UNSET)

        create_storyboard_form = cls(
            story_id=story_id,
            idea=idea,
            title=title,
            scene_count=scene_count,
            language=language,
            aspect_ratio=aspect_ratio,
            visibility_status=visibility_status,
            elements=elements,
            image_urls=image_urls,
            narrator=narrator,
            background_music=background_music,
            sound_effects=sound_effects,
            audio_option=audio_option,
            native_audio=native_audio,
            has_narration=has_narration,
            has_bg_music=has_bg_music,
        )

        create_storyboard_form.additional_properties = d
        return create_storyboard_form

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
