"""What is deprecated in this package, since when, and what to use instead."""

from __future__ import annotations

import warnings
from typing import NamedTuple


class Deprecation(NamedTuple):
    """Something that will be removed. ``since`` and ``removed_in`` are versions of this package."""

    name: str
    since: str
    removed_in: str
    instead: str

    def is_overdue(self, version: str) -> bool:
        """Whether ``version`` should no longer have it."""
        from packaging.version import Version  # loaded only where something deprecated is used

        return Version(version) >= Version(self.removed_in)


V1_CALLS = Deprecation("v1 calls through vimmerse.compat", "0.1", "2.0", "vimmerse.v2")
POLICY_FUNCTION = Deprecation("vimmerse.compat.policy()", "0.1", "0.2", "vimmerse.compat.Policy.from_env()")
CLI_MODULE = Deprecation("vimmerse.compat.cli", "0.1", "0.2", "vimmerse.cli")
ASGI_MODULE = Deprecation("vimmerse.compat.adapters.asgi", "0.1", "0.2", "vimmerse.compat.gateway")
#: A test fails in the first release that should be without one of these.
DEPRECATIONS = (
    V1_CALLS,
    Deprecation("vimmerse.v1", "0.1", "2.0", "vimmerse.v2"),
    POLICY_FUNCTION,
    CLI_MODULE,
    ASGI_MODULE,
)


def warn_deprecated(deprecation: Deprecation, stacklevel: int = 3) -> None:
    """Warn the caller of a deprecated entry point, or refuse to work in a release that should be without it.

    Raises:
        RuntimeError: the release is past ``removed_in``.
    """
    from vimmerse.v2 import __version__

    name, instead = deprecation.name, deprecation.instead
    if deprecation.is_overdue(__version__):
        raise RuntimeError(f"{name} was removed in vimmerse {deprecation.removed_in}: use {instead}")
    text = f"{name} is deprecated and will be removed in vimmerse {deprecation.removed_in}: use {instead}"
    warnings.warn(text, DeprecationWarning, stacklevel=stacklevel)
