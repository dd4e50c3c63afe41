# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.media_status import MediaStatus, check_media_status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.media_item import MediaItem
    from ..models.media_result import MediaResult
    from ..models.pose_preset import PosePreset
    from ..models.submit_params import SubmitParams


T = TypeVar("T", bound="Media")


@_attrs_define
class Media:
    """A media and its progress; with `fields`, those fields of it. The page has two kinds, CustomerMediaResponse and
    ProductMediaResponse, chosen by the customer, and shows one; additional fields of the other are kept.

        Attributes:
            id (str | Unset): The id of the media.
            title (str | Unset): Its title; may be empty.
            description (str | Unset): Its description; may be empty.
            customer_id (str | Unset): The customer that owns it.
            primary_user_id (None | str | Unset): The customer's own identifier of a user.
            media_items (list[MediaItem] | None | Unset): The inputs of the media.
            duration_time (str | Unset): Length in seconds, as text.
            processing_status (MediaStatus | None | str | Unset): Its status.
            pose_preset (None | PosePreset | Unset): The requested motion.
            submit_params (None | SubmitParams | Unset): The requested processing.
            result (list[MediaResult | str] | None | Unset): The finished files, as URLs to download or show; there may be
                several. In a story's media they are shown as
                objects instead.
            webhook_url (None | str | Unset): URL that receives a POST once the media has a final status; may be empty.
            created_at (str | Unset): When it was created.
            updated_at (str | Unset): When it last changed.
            version (str | Unset): Version of the record, as text.
    """

    id: str | Unset = UNSET
    title: str | Unset = UNSET
    description: str | Unset = UNSET
    customer_id: str | Unset = UNSET
    primary_user_id: None | str | Unset = UNSET
    media_items: list[MediaItem] | None | Unset = UNSET
    duration_time: str | Unset = UNSET
    processing_status: MediaStatus | None | str | Unset = UNSET
    pose_preset: None | PosePreset | Unset = UNSET
    submit_params: None | SubmitParams | Unset = UNSET
    result: list[MediaResult | str] | None | Unset = UNSET
    webhook_url: None | str | Unset = UNSET
    created_at: str | Unset = UNSET
    updated_at: str | Unset = UNSET
    version: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.media_result import MediaResult  # noqa: PLC0415
        from ..models.pose_preset import PosePreset  # noqa: PLC0415
        from ..models.submit_params import SubmitParams  # noqa: PLC0415

        id = self.id

        title = self.title

        description = self.description

        customer_id = self.customer_id

        primary_user_id: None | str | Unset
        if isinstance(self.primary_user_id, Unset):
            primary_user_id = UNSET
        else:
            primary_user_id = self.primary_user_id

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

        duration_time = self.duration_time

        processing_status: None | str | Unset
        if isinstance(self.processing_status, Unset):
            processing_status = UNSET
        elif isinstance(self.processing_status, str):
            processing_status = self.processing_status
        else:
            processing_status = self.processing_status

        pose_preset: dict[str, Any] | None | Unset
        if isinstance(self.pose_preset, Unset):
            pose_preset = UNSET
        elif isinstance(self.pose_preset, PosePreset):
            pose_preset = self.pose_preset.to_dict()
        else:
            pose_preset = self.pose_preset

        submit_params: dict[str, Any] | None | Unset
        if isinstance(self.submit_params, Unset):
            submit_params = UNSET
        elif isinstance(self.submit_params, SubmitParams):
            submit_params = self.submit_params.to_dict()
        else:
            submit_params = self.submit_params

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

        created_at = self.created_at

        updated_at = self.updated_at

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if id is not UNSET:
            field_dict["id"] = id
        if title is not UNSET:
            field_dict["title"] = title
        if description is not UNSET:
            field_dict["description"] = description
        if customer_id is not UNSET:
            field_dict["customer_id"] = customer_id
        if primary_user_id is not UNSET:
            field_dict["primary_user_id"] = primary_user_id
        if media_items is not UNSET:
            field_dict["media_items"] = media_items
        if duration_time is not UNSET:
            field_dict["duration_time"] = duration_time
        if processing_status is not UNSET:
            field_dict["processing_status"] = processing_status
        if pose_preset is not UNSET:
            field_dict["pose_preset"] = pose_preset
        if submit_params is not UNSET:
            field_dict["submit_params"] = submit_params
        if result is not UNSET:
            field_dict["result"] = result
        if webhook_url is not UNSET:
            field_dict["webhook_url"] = webhook_url
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at
        if version is not UNSET:
            field_dict["version"] = version

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.media_item import MediaItem  # noqa: PLC0415
        from ..models.media_result import MediaResult  # noqa: PLC0415
        from ..models.pose_preset import PosePreset  # noqa: PLC0415
        from ..models.submit_params import SubmitParams  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id", UNSET)

        title = d.pop("title", UNSET)

        description = d.pop("description", UNSET)

        customer_id = d.pop("customer_id", UNSET)

        def _parse_primary_user_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        primary_user_id = _parse_primary_user_id(d.pop("primary_user_id", UNSET))

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

        duration_time = d.pop("duration_time", UNSET)

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

        def _parse_pose_preset(data: object) -> None | PosePreset | Unset:
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
            return cast(None | PosePreset | Unset, data)

        pose_preset = _parse_pose_preset(d.pop("pose_preset", UNSET))

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
                            result_type_0_item_type_1 = MediaResult.from_dict(data)

                            return result_type_0_item_type_1
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

        created_at = d.pop("created_at", UNSET)

        updated_at = d.pop("updated_at", UNSET)

        version = d.pop("version", UNSET)

        media = cls(
            id=id,
            title=title,
            description=description,
            customer_id=customer_id,
            primary_user_id=primary_user_id,
            media_items=media_items,
            duration_time=duration_time,
            processing_status=processing_status,
            pose_preset=pose_preset,
            submit_params=submit_params,
            result=result,
            webhook_url=webhook_url,
            created_at=created_at,
            updated_at=updated_at,
            version=version,
        )

        media.additional_properties = d
        return media

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
