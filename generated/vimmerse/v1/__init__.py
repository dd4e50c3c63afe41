# Written by scripts/regenerate from openapi/v1.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""The client of version 1 of the Vimmerse API.

    from vimmerse.v1 import AuthenticatedClient
    from vimmerse.v1.api.story import idea_to_video

``api`` has a module for each operation, ``models`` the types of requests and responses, ``errors`` the exceptions.
``openapi()`` returns the OpenAPI document. All of it is loaded on first use.
"""

from vimmerse._http.lazy import lazy_exports

# Type checkers treat it like typing's; importing typing would cost more than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import api as api
    from . import errors as errors
    from . import models as models
    from . import types as types
    from .client import AuthenticatedClient as AuthenticatedClient
    from .client import Client as Client
    from .errors import ApiError as ApiError
    from .facts import openapi as openapi
else:
    __getattr__, __dir__ = lazy_exports(
        globals(),
        {
            "ApiError": "errors",
            "AuthenticatedClient": "client",
            "Client": "client",
            "api": "api",
            "errors": "errors",
            "models": "models",
            "openapi": "facts",
            "types": "types",
        },
    )

__all__ = (
    "ApiError",
    "AuthenticatedClient",
    "Client",
    "api",
    "errors",
    "models",
    "openapi",
    "types",
)


__version__ = "0.1.0"
#: The revision of openapi/v1.yaml that this was generated from: its date, and the beginning of its hash.
SPEC_REVISION = "2026-11-22.67e3aea6befd"
