"""Deprecated: the command line has moved to :mod:`vimmerse.cli`."""

from __future__ import annotations

from collections.abc import Sequence

from vimmerse.compat.runtime.deprecations import CLI_MODULE, warn_deprecated


def main(argv: Sequence[str] | None = None) -> int:
    """Run :func:`vimmerse.cli.main`."""
    warn_deprecated(CLI_MODULE)
    from vimmerse.cli import main

    return main(argv)
