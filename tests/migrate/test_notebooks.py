"""Notebooks: their Python cells are migrated as one module, and all else in the file stays byte for byte."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vimmerse.compat.migrate import Migration, migrate
from vimmerse.compat.migrate.migration import migrate_tree
from vimmerse.compat.migrate.migration.notebooks import Notebook
from vimmerse.compat.migrate.migration.text import Unusable

from tests.migrate.engine import MARK, Engine

pytestmark = pytest.mark.usefixtures("engine")


def lines(source: str) -> list[str]:
    return source.splitlines(keepends=True)


def code(source: str | list[str], **members: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": 3,
        "metadata": {"tags": ["v1()"]},
        "outputs": [{"output_type": "stream", "text": ["v1() ä\n"]}],
        "source": source,
        **members,
    }


def document(*cells: dict[str, Any], language: str = "python") -> dict[str, Any]:
    kernel = {"display_name": "Python 3", "language": language, "name": "python3"}
    return {"cells": list(cells), "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def write(folder: Path, text: str | bytes, name: str = "a.ipynb") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def migrated(folder: Path, *sources: str | list[str]) -> list[str]:
    """The sources of the cells after a migration."""
    path = write(folder, json.dumps(document(*map(code, sources))))
    migrate([path], write=True, allow_dirty=True)
    return ["".join(cell["source"]) for cell in json.loads(path.read_bytes())["cells"]]


def migration_of(folder: Path, *sources: str) -> Migration:
    return migrate_tree([write(folder, json.dumps(document(*map(code, sources))))])


MARKDOWN = {"cell_type": "markdown", "metadata": {}, "source": ["# v1('vimmerse')\n"]}
RAW = {"cell_type": "raw", "metadata": {}, "source": "v1()"}


@pytest.mark.parametrize(
    "style",
    [
        {"indent": 1, "ensure_ascii": False},
        {"indent": 2},
        {"indent": "\t", "sort_keys": True},
        {"separators": (",", ":"), "ensure_ascii": False},
        {},
    ],
    ids=str,
)
@pytest.mark.parametrize("end", ["\n", "", "\r\n \n"])
@pytest.mark.parametrize("split", [lines, str], ids=["list", "text"])
def test_all_but_the_changed_lines_stays(
    tmp_path: Path, style: dict[str, Any], end: str, split: Callable[[str], str | list[str]]
) -> None:
    def notebook(call: str) -> str:
        sources = f"# vimmerse ä/\nx = 'ü'\n{call}(x, 'ö')\n\ny = 1", f"{call}()", "z = 1"
        cells = [MARKDOWN, *(code(split(source)) for source in sources), RAW, code([]), code("")]
        text = json.dumps(document(*cells), **style) + end
        return text.replace("/", "\\/") if split is lines else text

    path = write(tmp_path, notebook("v1"))

    migration = migrate([path], write=True, allow_dirty=True)

    assert path.read_bytes().decode() == notebook("v2")
    assert [(place.cell, place.line, place.end_line) for place in migration.places] == [(2, 3, 3), (3, 1, 1)]
    assert migrate([path], write=True, allow_dirty=True).changes == {}


def test_cells_are_one_module(tmp_path: Path, engine: Engine) -> None:
    assert migrated(tmp_path, "# vimmerse", "v1_review()\n", "", "if x:\n    v1()\n    # end", "v1_left()  # c") == [
        "# vimmerse",
        f"{MARK} Look at it.\nv2()\n",
        "",
        "if x:\n    v2()\n    # end",
        f"{MARK} It can't be followed.\nv1_left()  # c",
    ]
    (source,) = engine.sources.values()
    assert source.count("[cell]") == 4


def test_text_that_looks_like_what_separates_cells(tmp_path: Path) -> None:
    sources = ['"[cell]"\nv1("vimmerse")', '"[ccell]"', '_ipython_0()\n!echo "vimmerse"\nv1()', "_iipython_0()"]

    assert migrated(tmp_path, *sources) == [source.replace("v1(", "v2(") for source in sources]


@pytest.mark.parametrize(
    "source",
    [
        "%pip install vimmerse\nv1()",
        "!ls {x} | grep 'v1()' \\\n  | wc\nv1()",
        "files = !ls vimmerse\nif files:\n    !echo $files\n    v1()",
        "x = %timeit -o f()\nv1()",
        "%%time\n# vimmerse\nv1()",
        "\n%%capture out\nv1()",
        "v1?\nv1()\n?v1\nv1??",
        "await v1()",
        "%matplotlib inline\n\x0cv1()\r\n!x\r\nv1()",
        "x = '''\n%s\n''' % v1()\n%cd x",
    ],
)
def test_magics_and_shell_commands_stay(tmp_path: Path, source: str) -> None:
    expected = source.replace("v1()", "v2()").replace("'v2()'", "'v1()'")

    assert migrated(tmp_path, "'vimmerse'", source) == ["'vimmerse'", expected]


def test_the_value_of_a_command_is_unknown(tmp_path: Path, engine: Engine) -> None:
    migrated(tmp_path, "x = 'vimmerse'\nx = !cat \\\n  url\nv1(x)")

    (source,) = engine.sources.values()
    assert source == "x = 'vimmerse'\nx = _ipython_0(\n)\nv1(x)"


def test_lines_are_those_of_the_cell(tmp_path: Path) -> None:
    migration = migration_of(tmp_path, "'vimmerse'\n", "%%time\n!a \\\nb\nv1()", "\n\nv1_left()\n", "v1()")

    assert [place.position.partition("ipynb:")[2] for place in migration.places] == [
        "cell 2:4:1",
        "cell 3:3:1",
        "cell 4:1:1",
    ]


def test_cells_of_other_languages_stay_and_are_remarked_on(tmp_path: Path) -> None:
    sources = [
        "v1('vimmerse')",
        "%%bash\ncurl https://api.vimmerse.net/story\nv1()",
        "%%bash\nls; v1()",
        "%%python\nv1('vimmerse')",
        "v1('vimmerse'",
        "v1(",
        "!curl https://api.vimmerse.net",
        "%%time",
        "v1('\ud800')",
        "%time v1('vimmerse')",
    ]
    migration = migration_of(tmp_path, *sources)

    assert [(remark.cell, remark.kind, remark.text) for remark in migration.remarks] == [
        (2, "skipped", "a cell of %%bash is not rewritten"),
        (4, "skipped", "a cell of %%python is not rewritten"),
        (7, "skipped", "a command in this cell is not rewritten"),
        (5, "unparsable", "this cell can't be parsed as Python"),
        (10, "unparsable", "the Python code after a magic of IPython is not rewritten"),
    ]
    assert migration.unreadable
    assert [place.cell for place in migration.places] == [1]
    assert migrated(tmp_path, *sources) == ["v2('vimmerse')", *sources[1:]]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("vimmerse", "it is not JSON (Expecting value"),
        ('{"cells": [] vimmerse', "it is not JSON (Expecting ',' delimiter"),
        ('["vimmerse"]', "it is not a notebook of format 4"),
        ('{"worksheets": ["vimmerse"]}', "it is not a notebook of format 4"),
        (b'{"cells": ["vimmerse \xff"]}', "it is not UTF-8"),
        (f'{{"cells": {"[" * 100_000}"vimmerse"', "it is not JSON (maximum recursion"),
        (json.dumps(document(code("v1('vimmerse')"), language="R")), "its language is r"),
    ],
)
def test_files_that_are_no_notebooks(tmp_path: Path, text: str | bytes, reason: str) -> None:
    path = write(tmp_path, text)

    migration = migrate([path], write=True, allow_dirty=True)

    (remark,) = migration.remarks
    assert remark.kind == "unparsable"
    assert remark.text.startswith(reason)
    assert path.read_bytes() == (text if isinstance(text, bytes) else text.encode())


@pytest.mark.parametrize(
    "notebook",
    [
        {"cells": []},
        {"cells": [MARKDOWN, "vimmerse"]},
        {"cells": [{"cell_type": "code"}, {"source": "v1()"}, code("")], "metadata": "vimmerse"},
        {"cells": [MARKDOWN], "metadata": {"kernelspec": "vimmerse", "language_info": {"name": "python"}}},
        {"a": {"cells": [code("v1('vimmerse')")]}, "cells": [MARKDOWN]},
    ],
)
def test_notebooks_without_code(tmp_path: Path, notebook: dict[str, Any]) -> None:
    migration = migrate_tree([write(tmp_path, json.dumps(notebook))])

    assert (migration.changes, migration.places, migration.remarks) == ({}, (), ())


def test_odd_but_valid_json(tmp_path: Path) -> None:
    start = '\ufeff {"cells" : [1, {"source": "v1(0)"}], "cells" :\n[ { "source" : [ '
    end = '{"cell_type": "code", "source": ["CALL()"]},{"cell_type": "code", "source":null} ] }'
    cell = '"# vimmerse" , "\\nv1(\\"\\u00e4\\")\\n" ,\n 7 ], "cell_type": "code" } , '

    (content,) = migrate_tree([write(tmp_path, start + cell + end.replace("CALL", "v1"))]).changes.values()

    text = content.decode()
    assert text.startswith(start)
    assert text.endswith(end.replace("CALL", "v2"))
    assert json.loads(text.removeprefix("\ufeff"))["cells"][0]["source"] == ["# vimmerse\n", 'v2("ä")\n', "7"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda code: code.replace('"[cell]"', ""), "the new code can't be divided into its cells"),
        (lambda code: code + '\n"[cell]"\n', "the new code can't be divided into its cells"),
        (lambda code: code.replace("_ipython_0()", ""), "the new code of cell 2 has lost a command"),
        (lambda code: code + "\n_ipython_0()", "the new code of cell 2 has lost a command"),
    ],
)
def test_new_code_that_does_not_fit(change: Callable[[str], str], reason: str) -> None:
    notebook = Notebook(json.dumps(document(code("x = 1"), code("!ls"))).encode(), "a.ipynb")

    with pytest.raises(Unusable, match=reason):
        notebook.replaced(change(notebook.code))


LINE = st.sampled_from(["v1()", "", "!ls", "x = %time 1", "\x0cy = 1", "# ä", "    ", "def f():\n    v1()", "'[cell]'"])


@given(st.lists(st.tuples(st.lists(LINE, max_size=4), st.sampled_from(["\n", "\r\n"]), st.booleans())), st.booleans())
def test_any_cells(cells: list[tuple[list[str], str, bool]], escapes: bool) -> None:
    sources = [(end.join(parts), is_list) for parts, end, is_list in cells]
    notebook_cells = [code(lines(source) if is_list else source) for source, is_list in sources]
    text = json.dumps(document(*notebook_cells), ensure_ascii=escapes, indent=1)
    notebook = Notebook(text.encode(), "a.ipynb")

    assert notebook.replaced(notebook.code) == text.encode()
    changed = json.loads(notebook.replaced(notebook.code.replace("v1(", "v2(")))
    assert ["".join(cell["source"]) for cell in changed["cells"]] == [
        source.replace("v1(", "v2(") for source, _ in sources
    ]


def test_a_notebook_that_imports_a_module(tmp_path: Path, engine: Engine) -> None:
    (tmp_path / "client.py").write_text("v1('vimmerse')")
    (tmp_path / "other.py").write_text("")
    write(tmp_path, json.dumps(document(code("import json\nfrom client import x"))), "text.ipynb")
    write(tmp_path, json.dumps(document(code(["import os\n", "import client"]))), "lines.ipynb")
    write(tmp_path, json.dumps(document(code("import other"))), "none.ipynb")

    migrate_tree([tmp_path])

    assert sorted(Path(path).name for path in engine.sources) == ["client.py", "lines.ipynb", "text.ipynb"]
