# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""The client of version 2 of the Vimmerse API.

    from vimmerse.v2 import AuthenticatedClient
    from vimmerse.v2.api.story import idea_to_video

``api`` holds a module for each operation, ``models`` what goes in and out, ``errors`` what calls raise. All of it is
loaded when it is first used.
"""

TYPE_CHECKING = False  # type checkers take it for true; the typing module itself is not needed
if TYPE_CHECKING:
    from . import api as api
    from . import errors as errors
    from . import models as models
    from . import types as types
    from .client import AuthenticatedClient as AuthenticatedClient
    from .client import Client as Client
else:
    _WHERE = {
        "AuthenticatedClient": "client",
        "Client": "client",
        "api": "api",
        "errors": "errors",
        "models": "models",
        "types": "types",
    }

    def __getattr__(name):
        if name not in _WHERE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        module = import_module(f".{_WHERE[name]}", __name__)
        value = module if _WHERE[name] == name else getattr(module, name)
        globals()[name] = value  # from now on found without this function
        return value

    def __dir__():
        return sorted({*globals(), *__all__})


__all__ = (
    "AuthenticatedClient",
    "Client",
    "api",
    "errors",
    "models",
    "types",
)
