"""The gateway: an ASGI app that takes v1 calls over HTTP, from any language, and translates them to v2.

    vimmerse serve                                             # the app with a server
    uvicorn --factory vimmerse.compat.gateway:create_app       # or with another

Needs the extra ``gateway``. The names are loaded on first use, so that importing the package costs nothing.
"""

from importlib import import_module

TYPE_CHECKING = False  # type checkers take it for true; the typing module itself is not needed
if TYPE_CHECKING:
    from vimmerse.compat.gateway.app import create_app
    from vimmerse.compat.gateway.config import GatewayConfig

__all__ = ["GatewayConfig", "create_app"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{'app' if name == 'create_app' else 'config'}"), name)
