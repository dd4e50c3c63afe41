"""What scripts/sync runs, in the project's environment: each step, until one fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
STEPS = (("scripts/regenerate",), ("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/specs"))


def main() -> int:
    """Return the status of the first step that fails, else 0."""
    for step in STEPS:
        if status := subprocess.run([sys.executable, *step], cwd=HOME, check=False).returncode:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
