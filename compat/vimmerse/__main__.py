"""``python -m vimmerse``: the command line, where the script ``vimmerse`` is not on the path."""

import sys

from vimmerse.cli import main

if __name__ == "__main__":
    sys.exit(main())
