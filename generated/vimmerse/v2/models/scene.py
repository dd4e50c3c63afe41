# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from attrs import define
from vimmerse._http.models import Model


@define(kw_only=True, repr=False)
class Scene(Model):
    """One scene of a storyboard.

    Attributes:
        name: The scene's name; may be empty.
        image_description: The content of its image.
        video_description: The movement in its video.
        narrator: The narration text.
        image_url: URL of its image; empty until there is one.
        narration_url: URL of its recorded narration; absent until there is one.
    """

    name: str | None = None
    image_description: str | None = None
    video_description: str | None = None
    narrator: str | None = None
    image_url: str | None = None
    narration_url: str | None = None
