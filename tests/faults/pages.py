"""The part of a page in docs/ that a program writes: between two marks, the first of which names the program."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

END = "<!-- end -->"


@dataclass(frozen=True)
class Page:
    """A page, and the command that writes a part of it."""

    path: Path
    command: str

    @property
    def begin(self) -> str:
        """The mark before the part."""
        return f"<!-- written by: {self.command} -->"

    def replaced(self, part: str) -> str:
        """The page as it should be. Raises ``ValueError`` where it has no place for the part."""
        before, begin, rest = self.path.read_text(encoding="utf-8").partition(self.begin)
        _, end, after = rest.partition(END)
        if not begin or not end:
            raise ValueError(f"{self.path.name} has no place for it: {self.begin} and {END}")
        return f"{before}{begin}\n\n{part}\n{END}{after}"

    def drifted(self, part: str) -> bool:
        """Whether the page says something else."""
        return self.replaced(part) != self.path.read_text(encoding="utf-8")

    def main(self, make: Callable[[], str]) -> int:
        """Write the part, or with ``--print`` show it."""
        if sys.argv[1:] == ["--print"]:
            print(make(), end="")
        else:
            self.path.write_text(self.replaced(make()), encoding="utf-8")
        return 0
