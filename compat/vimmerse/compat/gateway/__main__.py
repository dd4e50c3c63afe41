"""``python -m vimmerse.compat.gateway``: the same as ``vimmerse serve``."""

import sys

from vimmerse.compat.gateway.cli import main

if __name__ == "__main__":
    sys.exit(main())
