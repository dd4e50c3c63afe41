# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.aspect_ratio import AspectRatio, check_aspect_ratio
from ..models.story_status import StoryStatus, check_story_status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.media import Media
    from ..models.storyboard import Storyboard


T = TypeVar("T", bound="Story")


@_attrs_define
class Story:
    """A story and its progress. The page calls it CustomerStoryResponse; every story call returns one.

    Attributes:
        id (str | Unset): The id of the story.
        title (str | Unset): Its title; may be empty.
        idea (str | Unset): What it is about.
        is_transition (bool | Unset): Whether scenes have transitions.
        status (None | StoryStatus | str | Unset): Its status.
        progress_percentage (int | Unset): Its progress, 0 to 100.
        aspect_ratio (AspectRatio | None | str | Unset): Aspect ratio of the images and the video.
        used_credits (float | Unset): Credits used so far. A one-call flow adds them up by pipeline step, if a step has
            any; the planning steps
            of the step-by-step workflow show 0.
        storyboard (None | Storyboard | Unset): Its storyboard; absent until there is one.
        all_medias (list[Media] | None | Unset): The videos it is composed of.
        video_url (None | str | Unset): URL of the video; absent or empty until it is ready.
        created_at (str | Unset): When it was created.
        updated_at (str | Unset): When it last changed.
    """

    id: str | Unset = UNSET
    title: str | Unset = UNSET
    idea: str | Unset = UNSET
    is_transition: bool | Unset = UNSET
    status: None | StoryStatus | str | Unset = UNSET
    progress_percentage: int | Unset = UNSET
    aspect_ratio: AspectRatio | None | str | Unset = UNSET
    used_credits: float | Unset = UNSET
    storyboard: None | Storyboard | Unset = UNSET
    all_medias: list[Media] | None | Unset = UNSET
    video_url: None | str | Unset = UNSET
    created_at: str | Unset = UNSET
    updated_at: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.storyboard import Storyboard  # noqa: PLC0415

        id = self.id

        title = self.title

        idea = self.idea

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

        storyboard: dict[str, Any] | None | Unset
        if isinstance(self.storyboard, Unset):
            storyboard = UNSET
        elif isinstance(self.storyboard, Storyboard):
            storyboard = self.storyboard.to_dict()
        else:
            storyboard = self.storyboard

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

        video_url: None | str | Unset
        if isinstance(self.video_url, Unset):
            video_url = UNSET
        else:
            video_url = self.video_url

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
        if storyboard is not UNSET:
            field_dict["storyboard"] = storyboard
        if all_medias is not UNSET:
            field_dict["all_medias"] = all_medias
        if video_url is not UNSET:
            field_dict["video_url"] = video_url
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.media import Media  # noqa: PLC0415
        from ..models.storyboard import Storyboard  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id", UNSET)

        title = d.pop("title", UNSET)

        idea = d.pop("idea", UNSET)

        is_transition = d.pop("is_transition", UNSET)

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

        def _parse_all_medias(data: object) -> list[Media] | None | Unset:
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
                    all_medias_type_0_item = Media.from_dict(all_medias_type_0_item_data)

                    all_medias_type_0.append(all_medias_type_0_item)

                return all_medias_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Media] | None | Unset, data)

        all_medias = _parse_all_medias(d.pop("all_medias", UNSET))

        def _parse_video_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        video_url = _parse_video_url(d.pop("video_url", UNSET))

        created_at = d.pop("created_at", UNSET)

        updated_at = d.pop("updated_at", UNSET)

        story = cls(
            id=id,
            title=title,
            idea=idea,
            is_transition=is_transition,
            status=status,
            progress_percentage=progress_percentage,
            aspect_ratio=aspect_ratio,
            used_credits=used_credits,
            storyboard=storyboard,
            all_medias=all_medias,
            video_url=video_url,
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
