"""The code of README.md and docs/, for type checkers: one module for each page, in build/pages/.

    python scripts/_pages.py                                        write the modules
    mypy build/pages | python scripts/_pages.py --name-pages        name the pages in the messages, not the modules

The blocks of a page are one module, since they run in one namespace. Each line keeps its number: a message about line
40 of a module is about line 40 of its page. To exclude a block, put a comment on the line above it that gives the
reason: ``<!-- not type-checked: ... -->``.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
FOLDER = Path("build", "pages")

#: The language of the blocks that run, and the names that are defined for them: by conftest.py, by tests/guide.
ORDINARY = ("python", "base_url = str()")
SPECIAL = {"docs/migration.md": ("py", "story_id = media_id = str()")}
EXCLUDED = re.compile(r" *<!-- not type-checked: \S.* -->")


def module(page: str, text: str) -> str | None:
    """Return the module of a page, or None if the page has no code. It has as many lines as the page."""
    language, names = SPECIAL.get(page, ORDINARY)
    lines = text.split("\n")
    code = [""] * len(lines)
    for start, end, indent in _blocks(lines, language):
        for number in range(start, end):
            code[number] = lines[number][indent:]
    if not any(code):
        return None
    if code[0] or lines[0].startswith("```"):
        raise SystemExit(f"{page}: the first line can't be code; begin with a heading")
    code[0] = names
    return "\n".join(code)


def _blocks(lines: list[str], language: str) -> Iterator[tuple[int, int, int]]:
    """Yield the first line of each block's code, the line after its last one, and its indentation."""
    opening: tuple[int, str] | None = None  # line and indentation of the fence
    for number, line in enumerate(lines):
        fence = re.fullmatch(r"( *)```(\w*) *", line)
        if fence is None:
            continue
        if opening is None:
            opening = (number, fence[2])
        else:
            start, opened = opening
            opening = None
            if opened == language and not EXCLUDED.fullmatch(lines[start - 1]):
                yield start + 1, number, len(fence[1])


def write(root: Path) -> None:
    """Write the modules that are new or changed, and delete those of other pages."""
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    left = set(folder.iterdir())
    for path in (root / "README.md", *sorted((root / "docs").rglob("*.md"))):
        page = path.relative_to(root).as_posix()
        if (text := module(page, path.read_text("utf-8"))) is not None:
            target = folder / _module_name(page)
            left.discard(target)
            if not target.is_file() or target.read_text("utf-8") != text:
                target.write_text(text, "utf-8")
    for path in left:
        if path.is_file():
            path.unlink()


def _module_name(page: str) -> str:
    return page.removesuffix(".md").replace("/", "__").replace("-", "_") + ".py"


def name_pages(root: Path, text: str) -> str:
    """Return messages with the pages' names."""
    for path in (root / "README.md", *sorted((root / "docs").rglob("*.md"))):
        page = path.relative_to(root).as_posix()
        text = text.replace(f"{FOLDER.as_posix()}/{_module_name(page)}", page)
    return text


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--name-pages", action="store_true", help="copy stdin to stdout, with the names of pages")
    parser.add_argument("--root", type=Path, default=HOME, help="the project (default: this one)")
    arguments = parser.parse_args()
    if arguments.name_pages:
        sys.stdout.write(name_pages(arguments.root, sys.stdin.read()))
    else:
        write(arguments.root)
    return 0


if __name__ == "__main__":
    sys.exit(main())
