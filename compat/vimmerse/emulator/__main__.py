"""``python -m vimmerse.emulator``."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    try:
        from vimmerse.emulator import serve
    except ImportError as error:
        sys.exit(str(error))
    sys.exit(serve(sys.argv[1:]))
