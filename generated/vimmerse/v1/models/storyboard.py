# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.element import Element
    from ..models.music import Music
    from ..models.scene import Scene


@define(kw_only=True, repr=False)
class Storyboard(Model):
    """The plan of a story.

    Attributes:
        scenes: The scenes, in order.
        characters: The characters in it.
        environments: The places in it.
        objects: The objects in it.
        music: The background music.
    """

    scenes: list[Scene] | None = None
    characters: list[Element] | None = None
    environments: list[Element] | None = None
    objects: list[Element] | None = None
    music: Music | None = None
