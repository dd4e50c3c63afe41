"""The same table in every format gives the same jobs."""

from __future__ import annotations

import csv
import io
import json
import os
import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from vimmerse.batch import TableCheck, TableError
from vimmerse.batch.operations import OPERATIONS
from vimmerse.batch.tables import read_table, table_of

from tests.batch.tables.reading import rows_of
from tests.batch.tables.workbooks import workbook

# What XML and so Excel can hold. A spreadsheet has no text that begins or ends with spaces on purpose.
_LETTERS = st.characters(
    codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\n", exclude_characters="\ufffe\uffff"
)
TEXTS = st.text(_LETTERS, min_size=1, max_size=40).filter(
    lambda text: text == text.strip() and not text.startswith(("=", "#")) and "_x" not in text
)
AUDIO = st.fixed_dictionaries(
    {}, optional={"narrator": TEXTS, "native_audio": st.booleans(), "has_bg_music": st.booleans()}
)
ELEMENT = st.fixed_dictionaries({"name": TEXTS, "description": TEXTS})
STORY = {
    "title": TEXTS,
    "scene_count": st.integers(1, 50),
    "scene_duration": st.sampled_from([5, 10]),
    "is_transition": st.booleans(),
    "aspect_ratio": st.sampled_from(["16:9", "9:16", "1:1", "4:3"]),
    "audio_option": AUDIO.filter(bool),
    "webhook_url": st.just("https://e.com/hook?a=b,c;d"),
}
BODIES = st.one_of(
    st.fixed_dictionaries(
        {"idea": TEXTS}, optional=STORY | {"elements": st.fixed_dictionaries({"characters": st.lists(ELEMENT)})}
    ),
    st.fixed_dictionaries(
        {"image_urls": st.lists(st.sampled_from(["https://e.com/a.png", "https://e.com/b,c.png"]), min_size=1)},
        optional=STORY,
    ).map(lambda body: {name: value for name, value in body.items() if name != "scene_count"}),
    st.fixed_dictionaries(
        {"prompt": TEXTS},
        optional={
            "quantity": st.integers(1, 4),
            "media_items": st.lists(
                st.fixed_dictionaries(
                    {"type": st.just("image"), "url": st.just("https://e.com/a.png")},
                    optional={"position": st.sampled_from(["First", "Last"])},
                ),
                min_size=1,
                max_size=3,
            ),
        },
    ),
)
TABLES = st.lists(BODIES, min_size=1, max_size=6)


def flat(body: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """The cells of a body: objects and lists as JSON, or as columns of their own."""
    cells: dict[str, Any] = {}
    for name, value in body.items():
        if isinstance(value, dict | list) and value and draw.random() < 0.5:
            items = value.items() if isinstance(value, dict) else enumerate(value, 1)
            for inner, each in items:
                cells |= flat({f"{name}.{inner}": each}, draw)
        elif isinstance(value, dict | list):
            cells[name] = json.dumps(value, ensure_ascii=draw.random() < 0.5)
        else:
            cells[name] = value
    return cells


def as_csv(path: Path, rows: list[dict[str, Any]], draw: random.Random) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    draw.shuffle(names)
    file = io.StringIO()
    delimiter = draw.choice(",;\t") if len(names) > 1 else ","  # nothing else shows that it is another one
    writer = csv.DictWriter(file, names, delimiter=delimiter, lineterminator=draw.choice(["\n", "\r\n"]))
    writer.writeheader()
    writer.writerows(rows)
    path.with_suffix(".csv").write_text(file.getvalue(), encoding=draw.choice(["utf-8", "utf-8-sig"]), newline="")


def as_json_lines(path: Path, rows: list[dict[str, Any]], draw: random.Random) -> None:
    end = draw.choice(["\n", "\r\n", "\n\n"])
    text = "".join(json.dumps(row, ensure_ascii=draw.random() < 0.5) + end for row in rows)
    path.with_suffix(".jsonl").write_text(text, encoding="utf-8", newline="")


def as_array(path: Path, rows: list[dict[str, Any]], draw: random.Random) -> None:
    text = json.dumps(rows, indent=draw.choice([None, 2]))
    path.with_suffix(".json").write_text(text, encoding="utf-8")


def as_excel(path: Path, rows: list[dict[str, Any]], draw: random.Random) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    workbook(path.with_suffix(".xlsx"), names, *([row.get(name) for name in names] for row in rows))


WRITERS: dict[str, Callable[[Path, list[dict[str, Any]], random.Random], None]] = {
    ".csv": as_csv,
    ".jsonl": as_json_lines,
    ".json": as_array,
    ".xlsx": as_excel,
}


@settings(max_examples=150 if os.environ.get("CI") else 30)  # each of them writes a workbook
@given(bodies=TABLES, draw=st.randoms(use_true_random=False))
def test_all_formats_give_the_same_jobs(
    tmp_path_factory: Any, bodies: list[dict[str, Any]], draw: random.Random
) -> None:
    path = tmp_path_factory.getbasetemp() / "round_trip"
    expected = rows_of(table_of(bodies))
    assert [row.body for row in expected] == bodies
    for suffix, write in WRITERS.items():
        write(path, [flat(body, draw) for body in bodies], draw)
        found = read_table(path.with_suffix(suffix))
        assert [(row.key, row.operation, row.body) for row in found] == [
            (row.key, row.operation, row.body) for row in expected
        ], suffix


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    ),
)
NAMES = st.one_of(
    st.sampled_from(
        [
            *("key", "operation", "image", "last_image", "url", "extra", "extra.a", "idea", "prompt", "scene_count"),
            *("audio_option", "audio_option.narrator", "media_items", "media_items.1.url", "elements", "aspect_ratio"),
            *("image_urls", "image_urls.1", "is_transition", "webhook_url", "# note", ""),
        ]
    ),
    st.text(max_size=12),
)


@given(rows=st.lists(st.dictionaries(NAMES, CELLS, max_size=6), min_size=1, max_size=4))
def test_whatever_is_in_the_cells_is_a_job_or_a_problem(rows: list[dict[str, Any]]) -> None:
    table = table_of(rows)
    found: TableCheck | TableError
    try:
        found = table.check()
    except TableError as error:
        found = error
    if isinstance(found, TableError):
        assert all(problem.place.startswith("rows") for problem in found.problems)
        return
    jobs = list(table)
    assert len(jobs) == found.rows
    assert len({job.key for job in jobs}) == len(jobs)
    for job in jobs:
        assert json.loads(json.dumps(job.body)) == job.body
        assert job.planned().operation == OPERATIONS[job.operation].call


@given(
    content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)),
    suffix=st.sampled_from(list(WRITERS)),
)
def test_whatever_is_in_a_file_is_a_table_or_a_problem(tmp_path_factory: Any, content: bytes, suffix: str) -> None:
    path = tmp_path_factory.getbasetemp() / f"anything{suffix}"
    for prefix in (b"", b"PK\x03\x04", b"idea,title\n", b'{"idea": "boat"}\n', b"\xef\xbb\xbf"):
        path.write_bytes(prefix + content)
        with suppress(TableError):
            assert read_table(path).check().rows
