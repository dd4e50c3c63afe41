# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""The operations of ``media``, one module each, loaded on first use."""

from vimmerse._http.lazy import lazy_exports

# Type checkers treat it like typing's; importing typing would cost more than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import create_media as create_media
    from . import get_media as get_media
    from . import update_media as update_media
else:
    __getattr__, __dir__ = lazy_exports(
        globals(),
        {
            "create_media": "create_media",
            "get_media": "get_media",
            "update_media": "update_media",
        },
    )

__all__ = (
    "create_media",
    "get_media",
    "update_media",
)
