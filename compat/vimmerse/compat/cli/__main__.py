"""Deprecated: ``python -m vimmerse.compat.cli`` has moved to ``python -m vimmerse``."""

import sys

from vimmerse.compat.cli import main

sys.exit(main())
