# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.aspect_ratio import AspectRatio, check_aspect_ratio
from ..models.story_status import StoryStatus, check_story_status
from ..models.visibility_status import VisibilityStatus, check_visibility_status
from ..models.yes_no import YesNo, check_yes_no
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.story_media import StoryMedia
    from ..models.story_scene import StoryScene
    from ..models.storyboard import Storyboard


T = TypeVar("T", bound="Story")


@_attrs_define
class Story:
    """A story and its progress. Fields of v2 are kept beside those of v1.

    Attributes:
        id (str | Unset): The id of the story.
        title (str | Unset): Its title; may be empty.
        idea (str | Unset): What it is about.
        description (str | Unset): Its description; may be empty. v2 has none.
        customer_id (str | Unset): The customer that owns it.
        visibility_status (None | str | Unset | VisibilityStatus): Who can see it. v2 has none.
        is_transition (bool | None | str | Unset | YesNo): Whether there are transitions between scenes. A boolean, as
            in v2; a reader should also take the "Yes" and "No" that requests have.
        status (None | StoryStatus | str | Unset): Its status.
        progress_percentage (int | Unset): Its progress, 0 to 100.
        aspect_ratio (AspectRatio | None | str | Unset): Shape of the video.
        used_credits (float | Unset): Credits used so far. The vendor's v1 pages do not show it.
        video_url (None | str | Unset): URL of the video; empty until there is one, which may be some seconds after the
            status is "success": the page's sample waits ten.
        storyboard (None | Storyboard | Unset): Its storyboard.
        scenes (list[StoryScene] | None | Unset): Its scenes. In v2 `storyboard.scenes`, with other keys.
        medias (list[StoryMedia] | None | Unset): The videos that it is composed of. In v2 `all_medias`.
        all_medias (list[StoryMedia] | None | Unset): The same as `medias`, by the name of v2.
        webhook_url (None | str | Unset): URL that receives a POST once it is finished; may be empty.
        created_at (str | Unset): When it was created, with a space between date and time; v2 has a T.
        updated_at (str | Unset): When it last changed, with a space between date and time; v2 has a T.
    """

    id: str | Unset = UNSET
    title: str | Unset = UNSET
    idea: str | Unset = UNSET
    description: str | Unset = UNSET
    customer_id: str | Unset = UNSET
    visibility_status: None | str | Unset | VisibilityStatus = UNSET
    is_transition: bool | None | str | Unset | YesNo = UNSET
    status: None | StoryStatus | str | Unset = UNSET
    progress_percentage: int | Unset = UNSET
    aspect_ratio: AspectRatio | None | str | Unset = UNSET
    used_credits: float | Unset = UNSET
    video_url: None | str | Unset = UNSET
    storyboard: None | Storyboard | Unset = UNSET
    scenes: list[StoryScene] | None | Unset = UNSET
    medias: list[StoryMedia] | None | Unset = UNSET
    all_medias: list[StoryMedia] | None | Unset = UNSET
    webhook_url: None | str | Unset = UNSET
    created_at: str | Unset = UNSET
    updated_at: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.storyboard import Storyboard  # noqa: PLC0415

        id = self.id

        title = self.title

        idea = self.idea

        description = self.description

        customer_id = self.customer_id

        visibility_status: None | str | Unset
        if isinstance(self.visibility_status, Unset):
            visibility_status = UNSET
        elif isinstance(self.visibility_status, str):
            visibility_status = self.visibility_status
        else:
            visibility_status = self.visibility_status

        is_transition: bool | None | str | Unset
        if isinstance(self.is_transition, Unset):
            is_transition = UNSET
        elif isinstance(self.is_transition, str):
            is_transition = self.is_transition
        else:
            is_transition = self.is_transition

        status: None | str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, str):
            status = self.status
        else:
            status = self.status

        progress_percentage = self.progress_percentage

        aspect_ratio: None | str | Unset
        if isinstance(self.aspect_ratio, Unset):
            aspect_ratio = UNSET
        elif isinstance(self.aspect_ratio, str):
            aspect_ratio = self.aspect_ratio
        else:
            aspect_ratio = self.aspect_ratio

        used_credits = self.used_credits

        video_url: None | str | Unset
        if isinstance(self.video_url, Unset):
            video_url = UNSET
        else:
            video_url = self.video_url

        storyboard: dict[str, Any] | None | Unset
        if isinstance(self.storyboard, Unset):
            storyboard = UNSET
        elif isinstance(self.storyboard, Storyboard):
            storyboard = self.storyboard.to_dict()
        else:
            storyboard = self.storyboard

        scenes: list[dict[str, Any]] | None | Unset
        if isinstance(self.scenes, Unset):
            scenes = UNSET
        elif isinstance(self.scenes, list):
            scenes = []
            for scenes_type_0_item_data in self.scenes:
                scenes_type_0_item = scenes_type_0_item_data.to_dict()
                scenes.append(scenes_type_0_item)

        else:
            scenes = self.scenes

        medias: list[dict[str, Any]] | None | Unset
        if isinstance(self.medias, Unset):
            medias = UNSET
        elif isinstance(self.medias, list):
            medias = []
            for medias_type_0_item_data in self.medias:
                medias_type_0_item = medias_type_0_item_data.to_dict()
                medias.append(medias_type_0_item)

        else:
            medias = self.medias

        all_medias: list[dict[str, Any]] | None | Unset
        if isinstance(self.all_medias, Unset):
            all_medias = UNSET
        elif isinstance(self.all_medias, list):
            all_medias = []
            for all_medias_type_0_item_data in self.all_medias:
                all_medias_type_0_item = all_medias_type_0_item_data.to_dict()
                all_medias.append(all_medias_type_0_item)

        else:
            all_medias = self.all_medias

        webhook_url: None | str | Unset
        if isinstance(self.webhook_url, Unset):
            webhook_url = UNSET
        else:
            webhook_url = self.webhook_url

        created_at = self.created_at

        updated_at = self.updated_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if id is not UNSET:
            field_dict["id"] = id
        if title is not UNSET:
            field_dict["title"] = title
        if idea is not UNSET:
            field_dict["idea"] = idea
        if description is not UNSET:
            field_dict["description"] = description
        if customer_id is not UNSET:
            field_dict["customer_id"] = customer_id
        if visibility_status is not UNSET:
            field_dict["visibility_status"] = visibility_status
        if is_transition is not UNSET:
            field_dict["is_transition"] = is_transition
        if status is not UNSET:
            field_dict["status"] = status
        if progress_percentage is not UNSET:
            field_dict["progress_percentage"] = progress_percentage
        if aspect_ratio is not UNSET:
            field_dict["aspect_ratio"] = aspect_ratio
        if used_credits is not UNSET:
            field_dict["used_credits"] = used_credits
        if video_url is not UNSET:
            field_dict["video_url"] = video_url
        if storyboard is not UNSET:
            field_dict["storyboard"] = storyboard
        if scenes is not UNSET:
            field_dict["scenes"] = scenes
        if medias is not UNSET:
            field_dict["medias"] = medias
        if all_medias is not UNSET:
            field_dict["all_medias"] = all_medias
        if webhook_url is not UNSET:
            field_dict["webhook_url"] = webhook_url
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.story_media import StoryMedia  # noqa: PLC0415
        from ..models.story_scene import StoryScene  # noqa: PLC0415
        from ..models.storyboard import Storyboard  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id", UNSET)

        title = d.pop("title", UNSET)

        idea = d.pop("idea", UNSET)

        description = d.pop("description", UNSET)

        customer_id = d.pop("customer_id", UNSET)

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

        def _parse_is_transition(data: object) -> bool | None | str | Unset | YesNo:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                is_transition_type_1 = check_yes_no(data)

                return is_transition_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(bool | None | str | Unset | YesNo, data)

        is_transition = _parse_is_transition(d.pop("is_transition", UNSET))

        def _parse_status(data: object) -> None | StoryStatus | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = check_story_status(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StoryStatus | str | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        progress_percentage = d.pop("progress_percentage", UNSET)

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

        used_credits = d.pop("used_credits", UNSET)

        def _parse_video_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        video_url = _parse_video_url(d.pop("video_url", UNSET))

        def _parse_storyboard(data: object) -> None | Storyboard | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                storyboard_type_0 = Storyboard.from_dict(data)

                return storyboard_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Storyboard | Unset, data)

        storyboard = _parse_storyboard(d.pop("storyboard", UNSET))

        def _parse_scenes(data: object) -> list[StoryScene] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                scenes_type_0 = []
                _scenes_type_0 = data
                for scenes_type_0_item_data in _scenes_type_0:
                    scenes_type_0_item = StoryScene.from_dict(scenes_type_0_item_data)

                    scenes_type_0.append(scenes_type_0_item)

                return scenes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[StoryScene] | None | Unset, data)

        scenes = _parse_scenes(d.pop("scenes", UNSET))

        def _parse_medias(data: object) -> list[StoryMedia] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                medias_type_0 = []
                _medias_type_0 = data
                for medias_type_0_item_data in _medias_type_0:
                    medias_type_0_item = StoryMedia.from_dict(medias_type_0_item_data)

                    medias_type_0.append(medias_type_0_item)

                return medias_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[StoryMedia] | None | Unset, data)

        medias = _parse_medias(d.pop("medias", UNSET))

        def _parse_all_medias(data: object) -> list[StoryMedia] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                all_medias_type_0 = []
                _all_medias_type_0 = data
                for all_medias_type_0_item_data in _all_medias_type_0:
                    all_medias_type_0_item = StoryMedia.from_dict(all_medias_type_0_item_data)

                    all_medias_type_0.append(all_medias_type_0_item)

                return all_medias_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[StoryMedia] | None | Unset, data)

        all_medias = _parse_all_medias(d.pop("all_medias", UNSET))

        def _parse_webhook_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        webhook_url = _parse_webhook_url(d.pop("webhook_url", UNSET))

        created_at = d.pop("created_at", UNSET)

        updated_at = d.pop("updated_at", UNSET)

        story = cls(
            id=id,
            title=title,
            idea=idea,
            description=description,
            customer_id=customer_id,
            visibility_status=visibility_status,
            is_transition=is_transition,
            status=status,
            progress_percentage=progress_percentage,
            aspect_ratio=aspect_ratio,
            used_credits=used_credits,
            video_url=video_url,
            storyboard=storyboard,
            scenes=scenes,
            medias=medias,
            all_medias=all_medias,
            webhook_url=webhook_url,
            created_at=created_at,
            updated_at=updated_at,
        )

        story.additional_properties = d
        return story

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
