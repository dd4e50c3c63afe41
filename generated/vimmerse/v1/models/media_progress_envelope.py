# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.media_progress import MediaProgress


@define(kw_only=True, repr=False)
class MediaProgressEnvelope(Model):
    """A media's status and progress, wrapped. v2 has no wrapper.

    Attributes:
        data: Status and progress.
    """

    data: MediaProgress | None = None
