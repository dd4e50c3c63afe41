# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.visibility_status import VisibilityStatus, check_visibility_status
from ..models.yes_no import YesNo, check_yes_no
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.pose_preset import PosePreset
    from ..models.submit_params import SubmitParams


T = TypeVar("T", bound="MediaUploadData")


@_attrs_define
class MediaUploadData:
    """The content of the field `data` of an upload. Every field is optional.

    Attributes:
        title (None | str | Unset): Title of the media. Default empty.
        description (None | str | Unset): Description of the media. Default empty.
        visibility_status (None | str | Unset | VisibilityStatus): Who can see the media: "0" private, "1" unlisted (the
            default), "2" public. v2 accepts it on update only, so any value other than "1" needs a second call there, which
            is free.
        primary_user_id (None | str | Unset): The customer's own identifier of a user. v2 takes none; it is dropped.
        rating (None | str | Unset): Rating of the media; empty for none. v2 accepts it on update only, so it needs a
            second call there, which is free.
        webhook_url (None | str | Unset): URL that receives a POST once the media is finished.
        pose_preset (list[PosePreset] | None | PosePreset | Unset): The motion, or a list of several for one media. In
            v2: `video_tool`, `prompt`, `quantity`, `duration`, `loop` and `aspect_ratio`, one motion a media.
        submit_params (None | SubmitParams | Unset): How the media is processed. In v2 `audio_option.native_audio` and
            `pipeline_mode`.
        is_transition (None | str | Unset | YesNo): "Yes" makes the video go from the first image to the second. Default
            "No". v2 has no such field on media: two images already mean first and last.
    """

    title: None | str | Unset = UNSET
    description: None | str | Unset = UNSET
    visibility_status: None | str | Unset | VisibilityStatus = UNSET
    primary_user_id: None | str | Unset = UNSET
    rating: None | str | Unset = UNSET
    webhook_url: None | str | Unset = UNSET
    pose_preset: list[PosePreset] | None | PosePreset | Unset = UNSET
    submit_params: None | SubmitParams | Unset = UNSET
    is_transition: None | str | Unset | YesNo = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.pose_preset import PosePreset  # noqa: PLC0415
        from ..models.submit_params import SubmitParams  # noqa: PLC0415

        title: None | str | Unset
        if isinstance(self.title, Unset):
            title = UNSET
        else:
            title = self.title

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        visibility_status: None | str | Unset
        if isinstance(self.visibility_status, Unset):
            visibility_status = UNSET
        elif isinstance(self.visibility_status, str):
            visibility_status = self.visibility_status
        else:
            visibility_status = self.visibility_status

        primary_user_id: None | str | Unset
        if isinstance(self.primary_user_id, Unset):
            primary_user_id = UNSET
        else:
            primary_user_id = self.primary_user_id

        rating: None | str | Unset
        if isinstance(self.rating, Unset):
            rating = UNSET
        else:
            rating = self.rating

        webhook_url: None | str | Unset
        if isinstance(self.webhook_url, Unset):
            webhook_url = UNSET
        else:
            webhook_url = self.webhook_url

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

        submit_params: dict[str, Any] | None | Unset
        if isinstance(self.submit_params, Unset):
            submit_params = UNSET
        elif isinstance(self.submit_params, SubmitParams):
            submit_params = self.submit_params.to_dict()
        else:
            submit_params = self.submit_params

        is_transition: None | str | Unset
        if isinstance(self.is_transition, Unset):
            is_transition = UNSET
        elif isinstance(self.is_transition, str):
            is_transition = self.is_transition
        else:
            is_transition = self.is_transition

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if title is not UNSET:
            field_dict["title"] = title
        if description is not UNSET:
            field_dict["description"] = description
        if visibility_status is not UNSET:
            field_dict["visibility_status"] = visibility_status
        if primary_user_id is not UNSET:
            field_dict["primary_user_id"] = primary_user_id
        if rating is not UNSET:
            field_dict["rating"] = rating
        if webhook_url is not UNSET:
            field_dict["webhook_url"] = webhook_url
        if pose_preset is not UNSET:
            field_dict["pose_preset"] = pose_preset
        if submit_params is not UNSET:
            field_dict["submit_params"] = submit_params
        if is_transition is not UNSET:
            field_dict["is_transition"] = is_transition

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.pose_preset import PosePreset  # noqa: PLC0415
        from ..models.submit_params import SubmitParams  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_title(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        title = _parse_title(d.pop("title", UNSET))

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

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

        def _parse_primary_user_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        primary_user_id = _parse_primary_user_id(d.pop("primary_user_id", UNSET))

        def _parse_rating(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        rating = _parse_rating(d.pop("rating", UNSET))

        def _parse_webhook_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        webhook_url = _parse_webhook_url(d.pop("webhook_url", UNSET))

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

        media_upload_data = cls(
            title=title,
            description=description,
            visibility_status=visibility_status,
            primary_user_id=primary_user_id,
            rating=rating,
            webhook_url=webhook_url,
            pose_preset=pose_preset,
            submit_params=submit_params,
            is_transition=is_transition,
        )

        media_upload_data.additional_properties = d
        return media_upload_data

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
