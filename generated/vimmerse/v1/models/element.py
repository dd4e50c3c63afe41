# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

from __future__ import annotations

from attrs import define, field
from vimmerse._http.models import Model


@define(kw_only=True, repr=False)
class Element(Model):
    """A character, an environment or an object of a story.

    Attributes:
        name: The name by which scenes refer to it.
        description: Its appearance.
        url: URL of its image; empty until there is one. One of your own may be given. In v2
            `image_url`; responses of v1 have this name alone.
        image_url: The same as `URL`, by the name of v2; in requests of revised v1.
    """

    name: str | None = None
    description: str | None = None
    url: str | None = field(default=None, metadata={"name": "URL"})
    image_url: str | None = None
