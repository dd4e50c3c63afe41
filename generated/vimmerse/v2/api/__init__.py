# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""The operations by resource. Each package is loaded on first use."""

from vimmerse._http.lazy import lazy_exports

# Type checkers treat it like typing's; importing typing would cost more than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import image as image
    from . import media as media
    from . import story as story
else:
    __getattr__, __dir__ = lazy_exports(
        globals(),
        {
            "image": "image",
            "media": "media",
            "story": "story",
        },
    )

__all__ = (
    "image",
    "media",
    "story",
)
