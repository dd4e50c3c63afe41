# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model, parse_timestamp

if TYPE_CHECKING:
    from ..models.aspect_ratio import AspectRatio
    from ..models.media import Media
    from ..models.story_status import StoryStatus
    from ..models.storyboard import Storyboard


@define(kw_only=True, repr=False)
class Story(Model):
    """A story and its progress. The page calls it CustomerStoryResponse; every story call returns
    one. A missing status is read as an empty text.

    Attributes:
        id: The id of the story.
        status: Its status.
        title: Its title; may be empty.
        idea: What it is about.
        is_transition: Whether scenes have transitions.
        progress_percentage: Its progress, 0 to 100.
        aspect_ratio: Aspect ratio of the images and the video.
        used_credits: Credits used so far. A one-call flow adds them up by pipeline step, if a step
            has any; the planning steps of the step-by-step workflow show 0.
        storyboard: Its storyboard; absent until there is one.
        all_medias: The videos it is composed of.
        video_url: URL of the video; absent or empty until it is ready.
        created_at: When it was created.
        updated_at: When it last changed.
    """

    id: str
    status: StoryStatus | str = ""
    title: str | None = None
    idea: str | None = None
    is_transition: bool | None = None
    progress_percentage: int | None = None
    aspect_ratio: AspectRatio | str | None = None
    used_credits: float | None = None
    storyboard: Storyboard | None = None
    all_medias: list[Media] | None = None
    video_url: str | None = None
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
