# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.element import Element


@define(kw_only=True, repr=False)
class Elements(Model):
    """Elements that a storyboard must use. Scenes are not accepted here.

    Attributes:
        characters: The characters in it.
        environments: The places in it.
        objects: The objects in it.
    """

    characters: list[Element] | None = None
    environments: list[Element] | None = None
    objects: list[Element] | None = None
