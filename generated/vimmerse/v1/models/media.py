# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model, parse_timestamp

if TYPE_CHECKING:
    from ..models.file_map_entry import FileMapEntry
    from ..models.media_item import MediaItem
    from ..models.media_result import MediaResult
    from ..models.media_status import MediaStatus
    from ..models.pose_preset import PosePreset
    from ..models.submit_params import SubmitParams
    from ..models.video_history_entry import VideoHistoryEntry
    from ..models.visibility_status import VisibilityStatus
    from ..models.yes_no import YesNo


@define(kw_only=True, repr=False)
class Media(Model):
    """A media and its progress. Fields of v2 are kept beside those of v1.

    Attributes:
        id: The id of the media.
        title: Its title; may be empty.
        description: Its description; may be empty.
        rating: Its rating; empty for none. v2 does not show it.
        customer_id: The customer that owns it.
        primary_user_id: The customer's own identifier of a user.
        batch_id: The story that it belongs to, if any. v2 does not show it.
        base_url: Seen in live responses beside `batch_id`. v2 does not show it.
        is_transition: Whether it goes from a first to a last image. v2 does not show it.
        duration_time: Length in seconds, as text.
        progress_percentage: Its progress, 0 to 100. v2 has no such field.
        processing_status: Its status. v2 has other names for the same.
        visibility_status: Who can see it. v2 does not show it.
        media_items: Its inputs, as in v2.
        file_map: The files that it was generated from. In v2 `media_items`.
        intermediate_results: Results on the way. The pages show an empty list; that its entries are
            like those of `result` is inferred. v2 does not show them.
        submit_params: How it is processed.
        pose_preset: Its motion, or several. v2 spreads `Params` over fields of their own.
        bullet_version: Number of the latest generation, as text. v2 does not show it.
        video_history: Earlier generations. v2 does not show them.
        result: The finished videos, each an object with `url`. In v2 a list of URLs.
        webhook_url: URL that receives a POST once it is finished; may be empty.
        nsfw: "1" if it was classified as indecent, else "0". v2 does not show it.
        service_name: The service that generated it. v2 does not show it.
        service_version: The service's version. v2 does not show it.
        created_at: When it was created, with a space between date and time; v2 has a T.
        updated_at: When it last changed, with a space between date and time; v2 has a T.
        version: Version of the record, as text.
    """

    id: str | None = None
    title: str | None = None
    description: str | None = None
    rating: str | None = None
    customer_id: str | None = None
    primary_user_id: str | None = None
    batch_id: str | None = None
    base_url: str | None = None
    is_transition: YesNo | str | None = None
    duration_time: str | None = None
    progress_percentage: int | None = None
    processing_status: MediaStatus | str | None = None
    visibility_status: VisibilityStatus | str | None = None
    media_items: list[MediaItem] | None = None
    file_map: list[FileMapEntry] | None = None
    intermediate_results: list[MediaResult | str] | None = None
    submit_params: SubmitParams | None = None
    pose_preset: PosePreset | list[PosePreset] | None = None
    bullet_version: str | None = None
    video_history: list[VideoHistoryEntry] | None = None
    result: list[MediaResult | str] | None = None
    webhook_url: str | None = None
    nsfw: str | None = None
    service_name: str | None = None
    service_version: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    version: str | None = None

    @property
    def created_at_datetime(self) -> datetime | None:
        """``created_at`` as a time with its time zone; None if it is absent or not readable."""
        return parse_timestamp(self.created_at)

    @property
    def updated_at_datetime(self) -> datetime | None:
        """``updated_at`` as a time with its time zone; None if it is absent or not readable."""
        return parse_timestamp(self.updated_at)
