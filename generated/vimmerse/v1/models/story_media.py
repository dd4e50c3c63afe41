# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.media_status import MediaStatus, check_media_status
from ..models.visibility_status import VisibilityStatus, check_visibility_status
from ..models.yes_no import YesNo, check_yes_no
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.file_map_entry import FileMapEntry
    from ..models.media_item import MediaItem
    from ..models.media_result import MediaResult
    from ..models.pose_preset import PosePreset
    from ..models.submit_params import SubmitParams
    from ..models.video_history_entry import VideoHistoryEntry


T = TypeVar("T", bound="StoryMedia")


@_attrs_define
class StoryMedia:
    """One of the videos that a story is composed of. Its id is given under two names.

    Attributes:
        id (str | Unset): The id of the media.
        title (str | Unset): Its title; may be empty.
        description (str | Unset): Its description; may be empty.
        rating (str | Unset): Its rating; empty for none. v2 does not show it.
        customer_id (str | Unset): The customer that owns it.
        primary_user_id (None | str | Unset): The customer's own identifier of a user.
        batch_id (str | Unset): The story that it belongs to, if any. v2 does not show it.
        base_url (None | str | Unset): Seen in live responses beside `batch_id`. v2 does not show it.
        is_transition (None | str | Unset | YesNo): Whether it goes from a first to a last image. v2 does not show it.
        duration_time (str | Unset): Length in seconds, as text.
        progress_percentage (int | Unset): Its progress, 0 to 100. v2 has no such field.
        processing_status (MediaStatus | None | str | Unset): Its status. v2 has other names for the same.
        visibility_status (None | str | Unset | VisibilityStatus): Who can see it. v2 does not show it.
        media_items (list[MediaItem] | None | Unset): Its inputs, as in v2.
        file_map (list[FileMapEntry] | None | Unset): The files that it was generated from. In v2 `media_items`.
        intermediate_results (list[MediaResult | str] | None | Unset): Results on the way. The pages show an empty list;
            that its entries are like those of `result` is inferred. v2 does not show them.
        submit_params (None | SubmitParams | Unset): How it is processed.
        pose_preset (list[PosePreset] | None | PosePreset | Unset): Its motion, or several. v2 spreads `Params` over
            fields of their own.
        bullet_version (str | Unset): Number of the latest generation, as text. v2 does not show it.
        video_history (list[VideoHistoryEntry] | None | Unset): Earlier generations. v2 does not show them.
        result (list[MediaResult | str] | None | Unset): The finished videos, each an object with `url`. In v2 a list of
            URLs.
        webhook_url (None | str | Unset): URL that receives a POST once it is finished; may be empty.
        nsfw (str | Unset): "1" if it was classified as indecent, else "0". v2 does not show it.
        service_name (None | str | Unset): The service that generated it. v2 does not show it.
        service_version (None | str | Unset): The service's version. v2 does not show it.
        created_at (str | Unset): When it was created, with a space between date and time; v2 has a T.
        updated_at (str | Unset): When it last changed, with a space between date and time; v2 has a T.
        version (str | Unset): Version of the record, as text.
        media_id (str | Unset): The same as `id`. v2 has `id` alone.
    """

    id: str | Unset = UNSET
    title: str | Unset = UNSET
    description: str | Unset = UNSET
    rating: str | Unset = UNSET
    customer_id: str | Unset = UNSET
    primary_user_id: None | str | Unset = UNSET
    batch_id: str | Unset = UNSET
    base_url: None | str | Unset = UNSET
    is_transition: None | str | Unset | YesNo = UNSET
    duration_time: str | Unset = UNSET
    progress_percentage: int | Unset = UNSET
    processing_status: MediaStatus | None | str | Unset = UNSET
    visibility_status: None | str | Unset | VisibilityStatus = UNSET
    media_items: list[MediaItem] | None | Unset = UNSET
    file_map: list[FileMapEntry] | None | Unset = UNSET
    intermediate_results: list[MediaResult | str] | None | Unset = UNSET
    submit_params: None | SubmitParams | Unset = UNSET
    pose_preset: list[PosePreset] | None | PosePreset | Unset = UNSET
    bullet_version: str | Unset = UNSET
    video_history: list[VideoHistoryEntry] | None | Unset = UNSET
    result: list[MediaResult | str] | None | Unset = UNSET
    webhook_url: None | str | Unset = UNSET
    nsfw: str | Unset = UNSET
    service_name: None | str | Unset = UNSET
    service_version: None | str | Unset = UNSET
    created_at: str | Unset = UNSET
    updated_at: str | Unset = UNSET
    version: str | Unset = UNSET
    media_id: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.media_result import MediaResult  # noqa: PLC0415
        from ..models.pose_preset import PosePreset  # noqa: PLC0415
        from ..models.submit_params import SubmitParams  # noqa: PLC0415

        id = self.id

        title = self.title

        description = self.description

        rating = self.rating

        customer_id = self.customer_id

        primary_user_id: None | str | Unset
        if isinstance(self.primary_user_id, Unset):
            primary_user_id = UNSET
        else:
            primary_user_id = self.primary_user_id

        batch_id = self.batch_id

        base_url: None | str | Unset
        if isinstance(self.base_url, Unset):
            base_url = UNSET
        else:
            base_url = self.base_url

        is_transition: None | str | Unset
        if isinstance(self.is_transition, Unset):
            is_transition = UNSET
        elif isinstance(self.is_transition, str):
            is_transition = self.is_transition
        else:
            is_transition = self.is_transition

        duration_time = self.duration_time

        progress_percentage = self.progress_percentage

        processing_status: None | str | Unset
        if isinstance(self.processing_status, Unset):
            processing_status = UNSET
        elif isinstance(self.processing_status, str):
            processing_status = self.processing_status
        else:
            processing_status = self.processing_status

        visibility_status: None | str | Unset
        if isinstance(self.visibility_status, Unset):
            visibility_status = UNSET
        elif isinstance(self.visibility_status, str):
            visibility_status = self.visibility_status
        else:
            visibility_status = self.visibility_status

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

        file_map: list[dict[str, Any]] | None | Unset
        if isinstance(self.file_map, Unset):
            file_map = UNSET
        elif isinstance(self.file_map, list):
            file_map = []
            for file_map_type_0_item_data in self.file_map:
                file_map_type_0_item = file_map_type_0_item_data.to_dict()
                file_map.append(file_map_type_0_item)

        else:
            file_map = self.file_map

        intermediate_results: list[dict[str, Any] | str] | None | Unset
        if isinstance(self.intermediate_results, Unset):
            intermediate_results = UNSET
        elif isinstance(self.intermediate_results, list):
            intermediate_results = []
            for intermediate_results_type_0_item_data in self.intermediate_results:
                intermediate_results_type_0_item: dict[str, Any] | str
                if isinstance(intermediate_results_type_0_item_data, MediaResult):
                    intermediate_results_type_0_item = (
                        intermediate_results_type_0_item_data.to_dict()
                    )
                else:
                    intermediate_results_type_0_item = intermediate_results_type_0_item_data
                intermediate_results.append(intermediate_results_type_0_item)

        else:
            intermediate_results = self.intermediate_results

        submit_params: dict[str, Any] | None | Unset
        if isinstance(self.submit_params, Unset):
            submit_params = UNSET
        elif isinstance(self.submit_params, SubmitParams):
            submit_params = self.submit_params.to_dict()
        else:
            submit_params = self.submit_params

        pose_preset: dict[str, Any] | list[dict[str, Any]] | None | Unset
        if isinstance(self.pose_preset, Unset):
            pose_preset = UNSET
        elif isinstance(self.pose_preset, PosePreset):
            pose_preset = self.pose_preset.to_dict()
        elif isinstance(self.pose_preset, list):
            pose_preset = []
            for pose_preset_type_1_item_data in self.pose_preset:
                pose_preset_type_1_item = pose_preset_type_1_item_data.to_dict()
                pose_preset.append(pose_preset_type_1_item)

        else:
            pose_preset = self.pose_preset

        bullet_version = self.bullet_version

        video_history: list[dict[str, Any]] | None | Unset
        if isinstance(self.video_history, Unset):
            video_history = UNSET
        elif isinstance(self.video_history, list):
            video_history = []
            for video_history_type_0_item_data in self.video_history:
                video_history_type_0_item = video_history_type_0_item_data.to_dict()
                video_history.append(video_history_type_0_item)

        else:
            video_history = self.video_history

        result: list[dict[str, Any] | str] | None | Unset
        if isinstance(self.result, Unset):
            result = UNSET
        elif isinstance(self.result, list):
            result = []
            for result_type_0_item_data in self.result:
                result_type_0_item: dict[str, Any] | str
                if isinstance(result_type_0_item_data, MediaResult):
                    result_type_0_item = result_type_0_item_data.to_dict()
                else:
                    result_type_0_item = result_type_0_item_data
                result.append(result_type_0_item)

        else:
            result = self.result

        webhook_url: None | str | Unset
        if isinstance(self.webhook_url, Unset):
            webhook_url = UNSET
        else:
            webhook_url = self.webhook_url

        nsfw = self.nsfw

        service_name: None | str | Unset
        if isinstance(self.service_name, Unset):
            service_name = UNSET
        else:
            service_name = self.service_name

        service_version: None | str | Unset
        if isinstance(self.service_version, Unset):
            service_version = UNSET
        else:
            service_version = self.service_version

        created_at = self.created_at

        updated_at = self.updated_at

        version = self.version

        media_id = self.media_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if id is not UNSET:
            field_dict["id"] = id
        if title is not UNSET:
            field_dict["title"] = title
        if description is not UNSET:
            field_dict["description"] = description
        if rating is not UNSET:
            field_dict["rating"] = rating
        if customer_id is not UNSET:
            field_dict["customer_id"] = customer_id
        if primary_user_id is not UNSET:
            field_dict["primary_user_id"] = primary_user_id
        if batch_id is not UNSET:
            field_dict["batch_id"] = batch_id
        if base_url is not UNSET:
            field_dict["base_url"] = base_url
        if is_transition is not UNSET:
            field_dict["is_transition"] = is_transition
        if duration_time is not UNSET:
            field_dict["duration_time"] = duration_time
        if progress_percentage is not UNSET:
            field_dict["progress_percentage"] = progress_percentage
        if processing_status is not UNSET:
            field_dict["processing_status"] = processing_status
        if visibility_status is not UNSET:
            field_dict["visibility_status"] = visibility_status
        if media_items is not UNSET:
            field_dict["media_items"] = media_items
        if file_map is not UNSET:
            field_dict["file_map"] = file_map
        if intermediate_results is not UNSET:
            field_dict["intermediate_results"] = intermediate_results
        if submit_params is not UNSET:
            field_dict["submit_params"] = submit_params
        if pose_preset is not UNSET:
            field_dict["pose_preset"] = pose_preset
        if bullet_version is not UNSET:
            field_dict["bullet_version"] = bullet_version
        if video_history is not UNSET:
            field_dict["video_history"] = video_history
        if result is not UNSET:
            field_dict["result"] = result
        if webhook_url is not UNSET:
            field_dict["webhook_url"] = webhook_url
        if nsfw is not UNSET:
            field_dict["nsfw"] = nsfw
        if service_name is not UNSET:
            field_dict["service_name"] = service_name
        if service_version is not UNSET:
            field_dict["service_version"] = service_version
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at
        if version is not UNSET:
            field_dict["version"] = version
        if media_id is not UNSET:
            field_dict["media_id"] = media_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.file_map_entry import FileMapEntry  # noqa: PLC0415
        from ..models.media_item import MediaItem  # noqa: PLC0415
        from ..models.media_result import MediaResult  # noqa: PLC0415
        from ..models.pose_preset import PosePreset  # noqa: PLC0415
        from ..models.submit_params import SubmitParams  # noqa: PLC0415
        from ..models.video_history_entry import VideoHistoryEntry  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id", UNSET)

        title = d.pop("title", UNSET)

        description = d.pop("description", UNSET)

        rating = d.pop("rating", UNSET)

        customer_id = d.pop("customer_id", UNSET)

        def _parse_primary_user_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        primary_user_id = _parse_primary_user_id(d.pop("primary_user_id", UNSET))

        batch_id = d.pop("batch_id", UNSET)

        def _parse_base_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        base_url = _parse_base_url(d.pop("base_url", UNSET))

        def _parse_is_transition(data: object) -> None | str | Unset | YesNo:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                is_transition_type_0 = check_yes_no(data)

                return is_transition_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | str | Unset | YesNo, data)

        is_transition = _parse_is_transition(d.pop("is_transition", UNSET))

        duration_time = d.pop("duration_time", UNSET)

        progress_percentage = d.pop("progress_percentage", UNSET)

        def _parse_processing_status(data: object) -> MediaStatus | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                processing_status_type_0 = check_media_status(data)

                return processing_status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MediaStatus | None | str | Unset, data)

        processing_status = _parse_processing_status(d.pop("processing_status", UNSET))

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

        def _parse_file_map(data: object) -> list[FileMapEntry] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                file_map_type_0 = []
                _file_map_type_0 = data
                for file_map_type_0_item_data in _file_map_type_0:
                    file_map_type_0_item = FileMapEntry.from_dict(file_map_type_0_item_data)

                    file_map_type_0.append(file_map_type_0_item)

                return file_map_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[FileMapEntry] | None | Unset, data)

        file_map = _parse_file_map(d.pop("file_map", UNSET))

        def _parse_intermediate_results(data: object) -> list[MediaResult | str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                intermediate_results_type_0 = []
                _intermediate_results_type_0 = data
                for intermediate_results_type_0_item_data in _intermediate_results_type_0:

                    def _parse_intermediate_results_type_0_item(data: object) -> MediaResult | str:
                        try:
                            if not isinstance(data, dict):
                                raise TypeError()
                            intermediate_results_type_0_item_type_0 = MediaResult.from_dict(data)

                            return intermediate_results_type_0_item_type_0
                        except (TypeError, ValueError, AttributeError, KeyError):
                            pass
                        return cast(MediaResult | str, data)

                    intermediate_results_type_0_item = _parse_intermediate_results_type_0_item(
                        intermediate_results_type_0_item_data
                    )

                    intermediate_results_type_0.append(intermediate_results_type_0_item)

                return intermediate_results_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[MediaResult | str] | None | Unset, data)

        intermediate_results = _parse_intermediate_results(d.pop("intermediate_results", UNSET))

        def _parse_submit_params(data: object) -> None | SubmitParams | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                submit_params_type_0 = SubmitParams.from_dict(data)

                return submit_params_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SubmitParams | Unset, data)

        submit_params = _parse_submit_params(d.pop("submit_params", UNSET))

        def _parse_pose_preset(data: object) -> list[PosePreset] | None | PosePreset | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                pose_preset_type_0 = PosePreset.from_dict(data)

                return pose_preset_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, list):
                    raise TypeError()
                pose_preset_type_1 = []
                _pose_preset_type_1 = data
                for pose_preset_type_1_item_data in _pose_preset_type_1:
                    pose_preset_type_1_item = PosePreset.from_dict(pose_preset_type_1_item_data)

                    pose_preset_type_1.append(pose_preset_type_1_item)

                return pose_preset_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[PosePreset] | None | PosePreset | Unset, data)

        pose_preset = _parse_pose_preset(d.pop("pose_preset", UNSET))

        bullet_version = d.pop("bullet_version", UNSET)

        def _parse_video_history(data: object) -> list[VideoHistoryEntry] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                video_history_type_0 = []
                _video_history_type_0 = data
                for video_history_type_0_item_data in _video_history_type_0:
                    video_history_type_0_item = VideoHistoryEntry.from_dict(
                        video_history_type_0_item_data
                    )

                    video_history_type_0.append(video_history_type_0_item)

                return video_history_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[VideoHistoryEntry] | None | Unset, data)

        video_history = _parse_video_history(d.pop("video_history", UNSET))

        def _parse_result(data: object) -> list[MediaResult | str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                result_type_0 = []
                _result_type_0 = data
                for result_type_0_item_data in _result_type_0:

                    def _parse_result_type_0_item(data: object) -> MediaResult | str:
                        try:
                            if not isinstance(data, dict):
                                raise TypeError()
                            result_type_0_item_type_0 = MediaResult.from_dict(data)

                            return result_type_0_item_type_0
                        except (TypeError, ValueError, AttributeError, KeyError):
                            pass
                        return cast(MediaResult | str, data)

                    result_type_0_item = _parse_result_type_0_item(result_type_0_item_data)

                    result_type_0.append(result_type_0_item)

                return result_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[MediaResult | str] | None | Unset, data)

        result = _parse_result(d.pop("result", UNSET))

        def _parse_webhook_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        webhook_url = _parse_webhook_url(d.pop("webhook_url", UNSET))

        nsfw = d.pop("nsfw", UNSET)

        def _parse_service_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        service_name = _parse_service_name(d.pop("service_name", UNSET))

        def _parse_service_version(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        service_version = _parse_service_version(d.pop("service_version", UNSET))

        created_at = d.pop("created_at", UNSET)

        updated_at = d.pop("updated_at", UNSET)

        version = d.pop("version", UNSET)

        media_id = d.pop("media_id", UNSET)

        story_media = cls(
            id=id,
            title=title,
            description=description,
            rating=rating,
            customer_id=customer_id,
            primary_user_id=primary_user_id,
            batch_id=batch_id,
            base_url=base_url,
            is_transition=is_transition,
            duration_time=duration_time,
            progress_percentage=progress_percentage,
            processing_status=processing_status,
            visibility_status=visibility_status,
            media_items=media_items,
            file_map=file_map,
            intermediate_results=intermediate_results,
            submit_params=submit_params,
            pose_preset=pose_preset,
            bullet_version=bullet_version,
            video_history=video_history,
            result=result,
            webhook_url=webhook_url,
            nsfw=nsfw,
            service_name=service_name,
            service_version=service_version,
            created_at=created_at,
            updated_at=updated_at,
            version=version,
            media_id=media_id,
        )

        story_media.additional_properties = d
        return story_media

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
