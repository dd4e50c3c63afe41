"""The files and folders that are converted, and those that are left as they are."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from vimmerse.compat.migrate.cassettes import convert, files

from tests.cassettes_convert.conftest import (
    API,
    V1,
    Cassette,
    Json,
    interaction,
    media,
    one,
    write,
)

# Files


def test_folders_are_searched_in_pytest_recordings_layout(tmp_path: Path) -> None:
    document = yaml.safe_dump({"interactions": [V1]})
    for name in ("cassettes/test_a/test_1.yaml", "cassettes/test_b/test_2.yml", "venv/c.yaml", "c.txt", "d.yaml.bak"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        write(tmp_path / name, document)
    (tmp_path / "folder.yaml").mkdir()
    write(tmp_path / "empty.yaml", "")
    write(tmp_path / "api.yaml", "servers: [https://api.vimmerse.net]\n")
    write(tmp_path / "package.json", '["https://api.vimmerse.net"]')
    write(tmp_path / "text.yaml", "https://api.vimmerse.net\n")

    report = convert([tmp_path, tmp_path / "cassettes", tmp_path / "c.txt"])

    names = [Path(each.path).relative_to(tmp_path).as_posix() for each in report.cassettes]
    assert names == ["cassettes/test_a/test_1.yaml", "cassettes/test_b/test_2.yml", "c.txt"]
    assert (report.complete, report.written) == (True, False)
    assert (tmp_path / "c.txt").read_text() == document


def test_a_file_keeps_its_permissions_and_links_stay_links(cassette: Cassette, tmp_path: Path) -> None:
    path = cassette(V1)
    path.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(path)

    convert([link], write=True)

    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert "/v2/story" in path.read_text()
    assert sorted(tmp_path.iterdir()) == [path, link]


def test_a_file_that_can_not_be_written_stays(cassette: Cassette, monkeypatch: pytest.MonkeyPatch) -> None:
    path = cassette(V1)
    before = path.read_bytes()

    def fail(*arguments: Any) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(os, "replace", fail)
    report = convert([path, path.parent / "missing.yaml"], write=True)

    assert [each.problem for each in report.cassettes] == [
        "it can't be read or written (no)",
        "it can't be read or written (No such file or directory)",
    ]
    assert list(path.parent.iterdir()) == [path]
    assert path.read_bytes() == before


def test_without_pyyaml(cassette: Cassette, monkeypatch: pytest.MonkeyPatch) -> None:
    path, as_json = cassette(V1), cassette(V1, name="c.json")
    monkeypatch.setitem(sys.modules, "yaml", None)

    assert one(convert([as_json])).complete
    with pytest.raises(ImportError, match=r"^YAML cassettes need PyYAML: pip install 'vimmerse\[migrate\]'$"):
        convert([path])


# Hostile cassettes

HOST = "api.vimmerse.net"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [*{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (f'{{"interactions": [{{"uri": "{HOST}"', "it is not JSON ("),
        (f'{{"{HOST}": NaN}}', None),
        (f'{{"{HOST}": ' + "[" * 100_000, "it is nested too deeply"),
        (f"{HOST}: [1", "it is not YAML that can be read ("),
        (f"{HOST}: " + "[" * 100_000, "it is not YAML that can be read (it is nested too deeply)"),
        ("- " * 1000 + HOST, "it is not YAML that can be read (it is nested too deeply)"),
        (f"# {HOST}\n{BOMB}", "it is not YAML that can be read (it has more than 1000000 values)"),
        (f"{HOST}: &a [*a]", "it is not YAML that can be read (an alias refers to itself, or to nothing)"),
        (f"{HOST}: *a", "it is not YAML that can be read (an alias refers to itself, or to nothing)"),
        (f"{HOST}: &a 1\nb: *a", None),
        (
            f"{HOST}: !!python/object/apply:os.system [exit]",
            "it is not YAML that can be read (could not determine a con",
        ),
        (f"{HOST}: !!python/object/new:_io.BytesIO {{}}", None),
        (f"{HOST}: !!python/name:os.system", "it is not YAML that can be read (could not determine a constructor"),
        (f"a: {HOST}\n---\nb: 1", "it is not YAML that can be read (but found another document, line 2)"),
        (f"{HOST}: \x00", "it is not YAML that can be read ("),
        (f"{HOST}: !!timestamp 2020-99-99", "it is not YAML that can be read ("),
        (f"# {HOST}\n- request: {{}}\n", "a release of VCR.py before 1.0 wrote it"),
        (f"interactions: {HOST}", "its interactions are not a list"),
        (f"interactions: [{HOST}]", None),
        (f"interactions: []\nhttp_interactions: [{HOST}]", "it has both interactions and http_interactions"),
        (f"{HOST}: é".encode("utf-16"), None),
        (f"{HOST}: é".encode("latin-1"), "it is not UTF-8"),
    ],
)
def test_a_file_that_is_no_cassette_stays(tmp_path: Path, text: str | bytes, problem: str | None) -> None:
    path = write(tmp_path / "c.yaml", text)
    before = path.read_bytes()

    report = convert([path], write=True)

    assert path.read_bytes() == before
    assert report.complete == (problem is None)
    assert [each.problem for each in report.cassettes] == ([] if problem is None else [one(report).problem])
    assert problem is None or one(report).problem.startswith(problem)


@pytest.mark.parametrize(
    "change",
    [
        {"request": {"uri": API + "/story/s"}},
        {"request": {"uri": API + "/story/s", "method": 5}},
        {"request": {"uri": API + "/story/s", "method": "GET", "headers": []}},
        {"request": {"uri": API + "/story/s", "method": "GET", "headers": {"a": [5]}}},
        {"request": {"uri": API + "/story/s", "method": "GET", "headers": {5: "a"}}},
        {"request": {"uri": API + "/story/s", "method": "GET", "body": 5}},
        {"request": {"uri": API + "/story/s", "method": "GET", "body": {"base64_string": "é"}}},
        {"response": None},
        {"response": {}},
        {"response": {"status": 200}},
        {"response": {"status": {"code": "200"}}},
        {"response": {"status": {"code": True}}},
        {"response": {"status": {"code": 200}, "body": {"string": ["a", 5]}}},
    ],
)
def test_an_interaction_of_another_form_is_left(cassette: Cassette, change: Json) -> None:
    path = cassette({**V1, **change}, V1)
    before = path.read_bytes()

    report = one(convert([path]))

    assert [each.outcome for each in report.exchanges] == ["left", "converted"]
    assert report.exchanges[0].reason == "it is not an interaction as VCR.py or Betamax writes it"
    assert path.read_bytes() == before


@pytest.mark.parametrize("item", [None, 5, "api.vimmerse.net", {}, {"request": None}, {"request": {"uri": 5}}, [V1]])
def test_what_is_no_interaction_stays(cassette: Cassette, item: Any) -> None:
    path = cassette(item, V1)

    assert one(convert([path], write=True)).complete
    assert yaml.safe_load(path.read_text())["interactions"][0] == item


def test_a_status_without_a_name_and_a_lone_surrogate(cassette: Cassette) -> None:
    path = cassette(interaction("GET", "/story/s-1", '{"message": "\\ud800"}', status=299), V1, name="c.json")
    odd = cassette(interaction("GET", "/story/s-1", {"message": "A"}, status=499), name="d.json")
    document = json.loads(odd.read_text())
    document["interactions"][0]["response"] = {"status_code": 499, "content": '{"message": "A"}', "headers": None}
    odd.write_text(json.dumps(document))

    report = convert([path, odd], write=True)

    assert [each.outcome for each in report.cassettes[0].exchanges] == ["left", "converted"]
    assert json.loads(odd.read_text())["interactions"][0]["response"]["status"] == {"code": 499, "message": ""}


def test_a_large_file_is_reported_if_it_is_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_SIZE", 1000)
    other = write(tmp_path / "other.yaml", "a" * 5000)
    ours = write(tmp_path / "ours.yaml", "a" * (1024 * 1024 - 5) + "api.Vimmerse.NET")

    report = convert([other, ours], write=True)

    assert [(each.path, each.problem) for each in report.cassettes] == [(str(ours), "it is larger than 0 MiB")]


def test_half_of_a_surrogate_pair(tmp_path: Path, loader: str) -> None:
    """libyaml rejects it, PyYAML's own parser does not."""
    text = yaml.safe_dump({"interactions": [{**V1, "x": "HALF"}], "é": 1}, allow_unicode=True)
    path = write(tmp_path / "c.yaml", text.replace("HALF", '"\\ud800"'))

    assert one(convert([path], write=True)).changed == (loader == "Python")
    assert ("/v2/story" in path.read_text(encoding="utf-8")) == (loader == "Python")


def test_the_time_grows_with_the_size(tmp_path: Path) -> None:
    """Ten times the exchanges of one media are no more than ten times the work."""

    # The steps of the interpreter are counted, not seconds.
    def steps(count: int) -> int:
        document = {"interactions": [interaction("GET", "/media/m-1", media())] * count}
        path = write(tmp_path / "c.json", json.dumps(document))
        calls = 0

        def count_calls(frame: Any, event: str, argument: Any) -> None:
            nonlocal calls
            calls += 1

        sys.setprofile(count_calls)
        try:
            convert([path])
        finally:
            sys.setprofile(None)
        return calls

    steps(1)
    assert steps(100) < 15 * steps(10)
