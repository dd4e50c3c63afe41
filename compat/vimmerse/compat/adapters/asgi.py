"""Deprecated: the gateway's app factory has moved to :mod:`vimmerse.compat.gateway`."""

from __future__ import annotations

from typing import Any

from vimmerse.compat.gateway import app
from vimmerse.compat.runtime.deprecations import ASGI_MODULE, warn_deprecated


def create_app(*arguments: Any, **options: Any) -> Any:  # those of the function that it calls
    """Return the app of :func:`vimmerse.compat.gateway.create_app`."""
    warn_deprecated(ASGI_MODULE)
    return app.create_app(*arguments, **options)
