# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""The operations of ``media``, one module each, loaded on first use."""

from vimmerse._http.lazy import lazy_exports

# Type checkers treat it like typing's; importing typing would cost more than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import create_media as create_media
    from . import create_media_from_prompt as create_media_from_prompt
    from . import download_media as download_media
    from . import edit_media as edit_media
    from . import get_media as get_media
    from . import get_media_status as get_media_status
    from . import process_media as process_media
    from . import update_media as update_media
    from . import upload_media as upload_media
else:
    __getattr__, __dir__ = lazy_exports(
        globals(),
        {
            "create_media": "create_media",
            "create_media_from_prompt": "create_media_from_prompt",
            "download_media": "download_media",
            "edit_media": "edit_media",
            "get_media": "get_media",
            "get_media_status": "get_media_status",
            "process_media": "process_media",
            "update_media": "update_media",
            "upload_media": "upload_media",
        },
    )

__all__ = (
    "create_media",
    "create_media_from_prompt",
    "download_media",
    "edit_media",
    "get_media",
    "get_media_status",
    "process_media",
    "update_media",
    "upload_media",
)
