"""The command line of ``scripts/spec-diff``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scripts.spec_diff.check import problems
from scripts.spec_diff.diff import compare_sides
from scripts.spec_diff.report import FORMATS, draft
from scripts.spec_diff.sources import Failure, Repository

COMMAND = "scripts/spec-diff"
HOME = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    """Return 0, or 1 if ``--check`` finds something, or 2 if the comparison is impossible."""
    parser = argparse.ArgumentParser(
        prog=COMMAND,
        description="Say what a change of the specs means, for whom, and what is left to do.",
        epilog="Without OLD: the last release; while there is none, the commit at which this branch left main, or on "
        "main the commit before. Without NEW: the working tree.",
    )
    parser.add_argument("old", nargs="?", metavar="OLD", help="a git revision, or a file")
    parser.add_argument("new", nargs="?", metavar="NEW", default="", help="another")
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.add_argument("--changelog", action="store_true", help="print the draft of the changelog alone")
    parser.add_argument("--check", action="store_true", help="exit 1 if CHANGELOG.md or the version does not follow")
    parser.add_argument("--root", type=Path, default=HOME, help="the checkout to work on (default: this one)")
    options = parser.parse_args(arguments)
    repository = Repository(options.root.resolve())
    if options.check and not options.old and not repository.has_history:
        print(f"{COMMAND}: no history to compare with: nothing was checked", file=sys.stderr)
        return 0
    try:
        old = repository.side(options.old or repository.base())
        new = repository.side(options.new)
        report = compare_sides(old, new, repository.root)
        if options.check and not (old.changelog and new.changelog):
            raise Failure("--check compares revisions, which have a changelog, not files")
    except Failure as failure:
        print(f"{COMMAND}: {failure}", file=sys.stderr)
        return 2
    if options.check:
        found = list(problems(report, old, new, is_released=repository.is_released(old.version)))
        print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
        if found:
            print(
                f"{COMMAND}: {old.name} -> {new.name}: {len(found)} left. The whole report: {COMMAND}", file=sys.stderr
            )
        return 1 if found else 0
    print(draft(report.judged) + "\n" if options.changelog else FORMATS[options.format](report), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
