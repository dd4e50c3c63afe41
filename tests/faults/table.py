"""The fault matrix as docs/reliability.md shows it.

    python -m tests.faults.table           write it there
    python -m tests.faults.table --print   print it

The rows are those that the tests assert (``outcomes.py``).
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.faults.faults import BY_NAME
from tests.faults.outcomes import ADVICE, COLUMNS, OUTCOMES
from tests.faults.pages import Page

PAGE = Page(Path(__file__).resolve().parents[2] / "docs" / "reliability.md", "python -m tests.faults.table")


def table() -> str:
    """The matrix in Markdown."""
    titles = ["What goes wrong", *COLUMNS, "Paid: send it again?"]
    lines = [titles, ["---"] * len(titles)]
    for name, row in OUTCOMES.items():
        cells = [row.of(names[0]).replace("httpx.", "").replace("requests.", "") for names in COLUMNS.values()]
        lines.append([BY_NAME[name].about, *cells, ADVICE[row.retry]])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    sys.exit(PAGE.main(table))
