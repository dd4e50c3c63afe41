"""The gateway: an ASGI app that takes v1 calls over HTTP, from any language, and translates them to v2.

    vimmerse serve                                             # the app with a server
    uvicorn --factory vimmerse.compat.gateway:create_app       # or with another

Needs the extra ``gateway``. The names are loaded on first use, so that importing the package costs nothing.
"""

from vimmerse._http.lazy import lazy_exports

__all__ = ["GatewayConfig", "create_app"]

TYPE_CHECKING = False  # type checkers take it for true; the typing module itself is not needed
if TYPE_CHECKING:
    from vimmerse.compat.gateway.app import create_app
    from vimmerse.compat.gateway.config import GatewayConfig
else:  # hidden from type checkers, which would accept any name
    __getattr__, __dir__ = lazy_exports(globals(), {"GatewayConfig": "config", "create_app": "app"})
