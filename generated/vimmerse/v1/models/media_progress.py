# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.media_status import MediaStatus


@define(kw_only=True, repr=False)
class MediaProgress(Model):
    """A media's status and progress.

    Attributes:
        progress_percentage: Its progress, "0" to "100", as text. v2 has no such field.
        processing_status: Its status. v2 has other names for the same.
    """

    progress_percentage: str | None = None
    processing_status: MediaStatus | str | None = None
