# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.media_status import MediaStatus


@define(kw_only=True, repr=False)
class MediaWebhook(Model):
    """What is posted to a media's webhook.

    Attributes:
        customer_id: The customer that owns the media.
        media_id: The media's id.
        status: The status of the media.
    """

    customer_id: str | None = None
    media_id: str | None = None
    status: MediaStatus | str | None = None
