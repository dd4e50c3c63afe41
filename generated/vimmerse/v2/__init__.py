# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""The client of version 2 of the Vimmerse API.

    from vimmerse.v2 import Vimmerse

``Vimmerse`` and ``AsyncVimmerse`` have a method for each operation. Below them, ``api`` has a module for each operation,
``models`` the types of requests and responses, ``params`` the dicts that may be passed instead, ``errors`` the exceptions.
``openapi()`` returns the OpenAPI document. All of it is loaded on first use.
"""

from vimmerse._http.lazy import lazy_exports

# Type checkers treat it like typing's; importing typing would cost more than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import api as api
    from . import errors as errors
    from . import models as models
    from . import params as params
    from . import resources as resources
    from . import types as types
    from .client import AuthenticatedClient as AuthenticatedClient
    from .client import Client as Client
    from .errors import ApiError as ApiError
    from .facts import openapi as openapi
    from .resources import AsyncVimmerse as AsyncVimmerse
    from .resources import Vimmerse as Vimmerse
else:
    __getattr__, __dir__ = lazy_exports(
        globals(),
        {
            "ApiError": "errors",
            "AsyncVimmerse": "resources",
            "AuthenticatedClient": "client",
            "Client": "client",
            "Vimmerse": "resources",
            "api": "api",
            "errors": "errors",
            "models": "models",
            "openapi": "facts",
            "params": "params",
            "resources": "resources",
            "types": "types",
        },
    )

__all__ = (
    "ApiError",
    "AsyncVimmerse",
    "AuthenticatedClient",
    "Client",
    "Vimmerse",
    "api",
    "errors",
    "models",
    "openapi",
    "params",
    "resources",
    "types",
)


__version__ = "0.1.0"
#: The revision of openapi/v2.yaml that this was generated from: its date, and the beginning of its hash.
SPEC_REVISION = "2026-11-22.1f6bd2f528b7"
