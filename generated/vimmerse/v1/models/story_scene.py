# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from attrs import define
from vimmerse._http.models import Model


@define(kw_only=True, repr=False)
class StoryScene(Model):
    """One scene, as a story lists them beside its storyboard, and as /videos takes them back:
    `prompt` stands for the storyboard's `video_description`.

    Attributes:
        name: The scene's name; may be empty.
        image_description: The content of its image.
        prompt: The movement in its video. In v2 `video_description`.
        narrator: The narration text.
        image_url: URL of its image; empty until there is one.
        narration_url: URL of its recorded narration; empty until there is one.
    """

    name: str | None = None
    image_description: str | None = None
    prompt: str | None = None
    narrator: str | None = None
    image_url: str | None = None
    narration_url: str | None = None
