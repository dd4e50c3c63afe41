"""``scripts/_pages.py``: type checkers see the code of README.md and docs/, and their messages lead to the page."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import _pages as pages
from tests.sampling import sampled

ROOT = Path(__file__).parents[2]

PAGE = """\
# Waiting

```python
from vimmerse.jobs import wait
from vimmerse.v2 import AuthenticatedClient
```

```py
this is not run
```

- A block in a list:

  ```python
  client = AuthenticatedClient(base_url=base_url)
  story = wait(client, "s1", kind="story", timeout=600)
  print(story.video_ulr)
  ```

<!-- not type-checked: it shows what a mistake looks like -->
```python
wait(client, 7)
```

```python
story = 7
wait(client, story)
```
"""


def test_each_line_of_code_keeps_its_number() -> None:
    module = pages.module("docs/waiting.md", PAGE)

    assert module is not None
    shown = {number: line for number, line in enumerate(module.split("\n"), 1) if line}
    assert shown == {
        1: "base_url = str()",
        4: "from vimmerse.jobs import wait",
        5: "from vimmerse.v2 import AuthenticatedClient",
        15: "client = AuthenticatedClient(base_url=base_url)",
        16: 'story = wait(client, "s1", kind="story", timeout=600)',
        17: "print(story.video_ulr)",
        26: "story = 7",
        27: "wait(client, story)",
    }


def test_a_page_without_code_has_no_module() -> None:
    assert pages.module("docs/cli.md", "# Title\n\n```console\n$ vimmerse\n```\n") is None


def test_code_on_the_first_line_is_an_error() -> None:
    with pytest.raises(SystemExit, match=r"docs/x\.md: the first line"):
        pages.module("docs/x.md", "```python\nprint()\n```\n")


def test_modules_follow_their_pages(tmp_path: Path) -> None:
    (tmp_path / "docs" / "reference").mkdir(parents=True)
    (tmp_path / "README.md").write_text(PAGE)
    page = tmp_path / "docs" / "reference" / "a-b.md"
    page.write_text(PAGE)
    folder = tmp_path / pages.FOLDER

    pages.write(tmp_path)
    assert {path.name for path in folder.iterdir()} == {"README.py", "docs__reference__a_b.py"}
    message = f"{pages.FOLDER}/docs__reference__a_b.py:17: error"
    assert pages.name_pages(tmp_path, message) == "docs/reference/a-b.md:17: error"

    page.unlink()
    pages.write(tmp_path)
    assert {path.name for path in folder.iterdir()} == {"README.py"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "checker",
    sampled(
        [
            ["mypy", "--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(ROOT / ".mypy_cache")],
            ["basedpyright", "--pythonpath", sys.executable],
        ],
        2,
    ),
    ids=lambda checker: checker[0],
)
def test_a_planted_error_is_found_on_its_line(checker: list[str], tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text("# Nothing\n")
    (tmp_path / "docs" / "waiting.md").write_text(PAGE)
    pages.write(tmp_path)
    command = [sys.executable, "-m", *checker, str(pages.FOLDER)]

    done = subprocess.run(command, cwd=tmp_path, env=os.environ, capture_output=True, encoding="utf-8", check=False)

    messages = [
        line for line in pages.name_pages(tmp_path, done.stdout).split("\n") if "error:" in line or "error -" in line
    ]
    found = {line.replace(" - ", ": ").partition("docs/waiting.md:")[2].partition(":")[0] for line in messages}
    assert done.returncode == 1, done.stdout + done.stderr
    assert (found, len(messages) >= 2) == ({"17", "27"}, True), done.stdout
