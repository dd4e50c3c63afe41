# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model, parse_timestamp

if TYPE_CHECKING:
    from ..models.aspect_ratio import AspectRatio
    from ..models.story_media import StoryMedia
    from ..models.story_scene import StoryScene
    from ..models.story_status import StoryStatus
    from ..models.storyboard import Storyboard
    from ..models.visibility_status import VisibilityStatus
    from ..models.yes_no import YesNo


@define(kw_only=True, repr=False)
class Story(Model):
    """A story and its progress. Fields of v2 are kept beside those of v1.

    Attributes:
        id: The id of the story.
        title: Its title; may be empty.
        idea: What it is about.
        description: Its description; may be empty. v2 has none.
        customer_id: The customer that owns it.
        visibility_status: Who can see it. v2 has none.
        is_transition: Whether there are transitions between scenes. A boolean, as in v2; a reader
            should also take the "Yes" and "No" that requests have.
        status: Its status.
        progress_percentage: Its progress, 0 to 100.
        aspect_ratio: Shape of the video.
        used_credits: Credits used so far. The vendor's v1 pages do not show it.
        video_url: URL of the video; empty until there is one, which may be some seconds after the
            status is "success": the page's sample waits ten.
        storyboard: Its storyboard.
        scenes: Its scenes. In v2 `storyboard.scenes`, with other keys.
        medias: The videos that it is composed of. In v2 `all_medias`.
        all_medias: The same as `medias`, by the name of v2.
        webhook_url: URL that receives a POST once it is finished; may be empty.
        created_at: When it was created, with a space between date and time; v2 has a T.
        updated_at: When it last changed, with a space between date and time; v2 has a T.
    """

    id: str | None = None
    title: str | None = None
    idea: str | None = None
    description: str | None = None
    customer_id: str | None = None
    visibility_status: VisibilityStatus | str | None = None
    is_transition: bool | YesNo | str | None = None
    status: StoryStatus | str | None = None
    progress_percentage: int | None = None
    aspect_ratio: AspectRatio | str | None = None
    used_credits: float | None = None
    video_url: str | None = None
    storyboard: Storyboard | None = None
    scenes: list[StoryScene] | None = None
    medias: list[StoryMedia] | None = None
    all_medias: list[StoryMedia] | None = None
    webhook_url: str | None = None
    created_at: str | None = None
    updated_at: str | None = None

    @property
    def created_at_datetime(self) -> datetime | None:
        """``created_at`` as a time with its time zone; None if it is absent or not readable."""
        return parse_timestamp(self.created_at)

    @property
    def updated_at_datetime(self) -> datetime | None:
        """``updated_at`` as a time with its time zone; None if it is absent or not readable."""
        return parse_timestamp(self.updated_at)
