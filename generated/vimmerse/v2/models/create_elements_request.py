# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define
from vimmerse._http.models import Model

if TYPE_CHECKING:
    from ..models.aspect_ratio import AspectRatio
    from ..models.image_tool import ImageTool
    from ..models.storyboard import Storyboard


@define(kw_only=True, repr=False)
class CreateElementsRequest(Model):
    """The body of step 1.5.

    Attributes:
        image_tool: The model that generates the images.
        aspect_ratio: Aspect ratio of the images.
        storyboard: The plan of a story. Parts that a step omits stay unchanged.
    """

    image_tool: ImageTool | str | None = None
    aspect_ratio: AspectRatio | str | None = None
    storyboard: Storyboard | None = None
