# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""The operations of ``image``, one module each, loaded on first use."""

from vimmerse._http.lazy import lazy_exports

# Type checkers treat it like typing's; importing typing would cost more than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import upload_image as upload_image
else:
    __getattr__, __dir__ = lazy_exports(
        globals(),
        {
            "upload_image": "upload_image",
        },
    )

__all__ = ("upload_image",)
