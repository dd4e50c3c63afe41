# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.visibility_status import VisibilityStatus


@define(kw_only=True, repr=False)
class UpdateStoryForm(Model):
    """New texts for a story, as a form.

    Attributes:
        title: New title; unchanged if omitted. v2 has no update of a story.
        description: New description; unchanged if omitted. v2 has no update of a story.
        visibility_status: Who can see the story: "0" private, "1" unlisted, "2" public. Unchanged
            if omitted. v2 has no update of a story.
    """

    title: str | None = None
    description: str | None = None
    visibility_status: VisibilityStatus | str | None = None
