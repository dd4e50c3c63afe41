"""Deprecated: the command line has moved to :mod:`vimmerse.cli`."""

from __future__ import annotations

import warnings
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line. Use :func:`vimmerse.cli.main` instead; this is removed in 0.2."""
    warnings.warn("vimmerse.compat.cli has moved to vimmerse.cli", DeprecationWarning, stacklevel=2)
    from vimmerse.cli import main

    return main(argv)
