# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from attrs import define, field
from vimmerse._http.models import Model


@define(kw_only=True, repr=False)
class Element(Model):
    """A character, an environment or an object of a story. In requests, name and description are
    required.

    Attributes:
        name: The name by which scenes refer to it.
        description: Its appearance.
        image_url: URL of its image; empty until there is one.
        url: Version 1's name for `image_url`, still possible in responses.
    """

    name: str | None = None
    description: str | None = None
    image_url: str | None = None
    url: str | None = field(default=None, metadata={"name": "URL"})
