# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model, parse_timestamp

if TYPE_CHECKING:
    from ..models.media_item import MediaItem
    from ..models.media_result import MediaResult
    from ..models.media_status import MediaStatus
    from ..models.pose_preset import PosePreset
    from ..models.submit_params import SubmitParams


@define(kw_only=True, repr=False)
class PartialMedia(Model):
    """The fields of a media that were requested with `fields`.

    Attributes:
        id: The id of the media.
        title: Its title; may be empty.
        description: Its description; may be empty.
        customer_id: The customer that owns it.
        primary_user_id: The customer's own identifier of a user.
        media_items: The inputs of the media.
        duration_time: Length in seconds, as text.
        processing_status: Its status.
        pose_preset: The requested motion.
        submit_params: The requested processing.
        result: The finished files, as URLs to download or show; there may be several. In a story's
            media they are shown as objects instead.
        webhook_url: URL that receives a POST once the media has a final status; may be empty.
        created_at: When it was created.
        updated_at: When it last changed.
        version: Version of the record, as text.
    """

    id: str | None = None
    title: str | None = None
    description: str | None = None
    customer_id: str | None = None
    primary_user_id: str | None = None
    media_items: list[MediaItem] | None = None
    duration_time: str | None = None
    processing_status: MediaStatus | str | None = None
    pose_preset: PosePreset | None = None
    submit_params: SubmitParams | None = None
    result: list[MediaResult | str] | None = None
    webhook_url: str | None = None
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
