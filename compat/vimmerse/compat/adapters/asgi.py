"""Deprecated: the gateway's app factory has moved to :mod:`vimmerse.compat.gateway`. Removed in 0.2."""

from __future__ import annotations

import warnings
from typing import Any

from vimmerse.compat.gateway import app


def create_app(*arguments: Any, **options: Any) -> Any:  # those of the function that it calls
    """Return :func:`vimmerse.compat.gateway.create_app`'s app."""
    warnings.warn(
        "vimmerse.compat.adapters.asgi.create_app has moved to vimmerse.compat.gateway.create_app",
        DeprecationWarning,
        stacklevel=2,
    )
    return app.create_app(*arguments, **options)
