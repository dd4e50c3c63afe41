# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.story_status import StoryStatus


@define(kw_only=True, repr=False)
class StoryWebhook(Model):
    """What is posted to a story's webhook.

    Attributes:
        customer_id: The customer that owns the story.
        batch_id: The story's id.
        status: The status of the story.
    """

    customer_id: str | None = None
    batch_id: str | None = None
    status: StoryStatus | str | None = None
