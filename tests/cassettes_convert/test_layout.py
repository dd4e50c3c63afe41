"""The layout of YAML and JSON: what is not converted stays byte for byte."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from vimmerse.compat.migrate.cassettes import convert, formats

from tests.cassettes_convert.conftest import (
    API,
    OTHER,
    V1,
    Json,
    interaction,
    lines,
    media,
    one,
    write,
)

# YAML

YAML = """\
# The first line
---
# another
interactions:
# above
- request: {method: GET,   uri: 'https://example.com/a'}
  response:  {status: {code: 200}}   # odd spaces
- request:
    body: null
    headers: {X-Api-Key: [KEY]}
    method: GET
    uri: https://api.vimmerse.net/story/s-1
  response:
    body: {string: '{"data": {"id": "s-1"}}'}
    headers: {}
    status: {code: 200, message: OK}
  recorded_at: 2020-01-01
# below
- request: {method: GET,   uri: 'https://example.com/b'}
# last
version:   1
# end
"""
CONVERTED = """\
- request:
    body: null
    headers:
      X-Api-Key:
      - KEY
    method: GET
    uri: https://api.vimmerse.net/v2/story/s-1
  response:
    body:
      string: '{"id":"s-1"}'
    headers:
      Content-Type:
      - application/json
    status:
      code: 200
      message: OK
  recorded_at: 2020-01-01
"""


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("margin", ["", "  "])
def test_yaml_keeps_what_is_not_converted(tmp_path: Path, newline: str, margin: str) -> None:
    head, first, rest = YAML.partition("interactions:\n")
    items, version, end = rest.partition("version:")
    before, other, after = items.partition("- request:\n")

    def indented(text: str) -> str:
        return "".join(line if line.startswith("#") else margin + line for line in text.splitlines(True))

    def layout(item: str) -> str:
        last = "# below\n" + after.partition("# below\n")[2]
        return (head + first + indented(before) + indented(item) + indented(last) + version + end).replace(
            "\n", newline
        )

    path = write(tmp_path / "c.yaml", layout(other + after.partition("# below\n")[0]))

    assert one(convert([path], write=True)).changed
    assert path.read_bytes().decode() == layout(CONVERTED)


@pytest.mark.parametrize("comments", ["# a\n# b\n", "# a\n# b"])
def test_comments_after_the_last_interaction(tmp_path: Path, comments: str) -> None:
    path = write(tmp_path / "c.yaml", YAML.partition("# below")[0] + comments)

    convert([path], write=True)

    assert path.read_text().endswith(CONVERTED + comments)


def test_the_last_interaction_of_a_file(tmp_path: Path) -> None:
    text = YAML.partition("# below")[0]
    path = write(tmp_path / "c.yaml", text.rstrip("\n"))

    convert([path], write=True)

    assert path.read_text().endswith(CONVERTED)
    assert convert([path]).cassettes == ()


@pytest.mark.parametrize(
    "items",
    [
        json.dumps([V1, OTHER]),
        f"\n-\n  {json.dumps(V1)}\n-\n  {json.dumps(OTHER)}",
        f"\n- 1\ninteractions: {json.dumps([V1, OTHER])}",
    ],
)
def test_yaml_in_another_style_is_written_anew(tmp_path: Path, items: str) -> None:
    path = write(tmp_path / "c.yaml", f"# head\ninteractions: {items}\nversion: 1\n")

    convert([path], write=True)

    assert path.read_text(encoding="utf-8").startswith("# head\ninteractions:\n- request:\n")
    new = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert new["version"] == 1
    assert new["interactions"][1] == OTHER
    assert lines(new["interactions"])[0] == "GET /v2/story/s-1 200"


def test_yaml_with_aliases_is_written_anew(tmp_path: Path) -> None:
    text = yaml.safe_dump({"interactions": [V1, {**OTHER, "again": V1["request"]["headers"]}, OTHER], "version": 1})
    assert "&id" in text
    path = write(tmp_path / "c.yaml", text)

    convert([path], write=True)

    new = yaml.safe_load(path.read_text(encoding="utf-8"))["interactions"]
    assert new[1:] == [{**OTHER, "again": V1["request"]["headers"]}, OTHER]
    assert lines(new)[0] == "GET /v2/story/s-1 200"


def test_a_name_twice_in_yaml(tmp_path: Path) -> None:
    path = write(tmp_path / "c.yaml", "interactions: []\n" + yaml.safe_dump({"interactions": [V1, V1]}))

    convert([path], write=True)

    assert lines(yaml.safe_load(path.read_text(encoding="utf-8"))["interactions"]) == ["GET /v2/story/s-1 200"] * 2


def test_bodies_that_older_releases_of_vcr_py_wrote(tmp_path: Path) -> None:
    def item(method: str, body: str) -> str:
        return (
            f"- request:\n    method: {method}\n    uri: {API}/story\n    headers:\n"
            "      Content-Type: [!!python/unicode application/x-www-form-urlencoded]\n"
            f"    body: {body}\n"
            '  response: {status_code: 200, http_version: HTTP/1.1, headers: {}, content: \'{"data": {"id": "s"}}\'}\n'
        )

    stream = "!!python/object/new:_io.BytesIO\n      state: !!python/tuple [!!binary aWRlYT1h, 0, null]"
    pieces = "!!python/object/apply:builtins.iter\n      args:\n      - - idea\n        - !!binary PWE="
    path = write(
        tmp_path / "c.yaml",
        "interactions:\n" + "".join(item("POST", body) for body in ("idea=a", stream, pieces, "!!python/str 'idea=a'")),
    )

    report = one(convert([path], write=True))

    assert [each.outcome for each in report.exchanges] == ["converted"] * 4
    new = yaml.safe_load(path.read_text())["interactions"]
    assert {json.loads(each["request"]["body"])["idea"] for each in new} == {"a"}
    assert {key for each in new for key in each["response"]} == {"status", "headers", "body", "http_version"}


# JSON


@pytest.mark.parametrize(
    "dump",
    [
        lambda document: json.dumps(document, indent=4) + "\n",
        lambda document: json.dumps(document, indent=2, sort_keys=True, separators=(",", ": ")),
        lambda document: json.dumps(document, indent="\t"),
        lambda document: json.dumps(document),
        lambda document: json.dumps(document, separators=(",", ":"), ensure_ascii=False),
        lambda document: "\ufeff" + json.dumps(document, indent=1),
    ],
)
@pytest.mark.parametrize("uploads", [False, True])
def test_json_keeps_its_style(tmp_path: Path, dump: Callable[[Json], str], uploads: bool) -> None:
    form = '--b\r\nContent-Disposition: form-data; name="image_files"; filename="a.png"\r\n\r\nPNG\r\n--b--\r\n'
    call = interaction("POST", "/media", media(), body=form, content_type="multipart/form-data; boundary=b")
    document = {"before": [1], "interactions": [OTHER, call if uploads else V1, OTHER], "version": 1}
    path = write(tmp_path / "c.json", dump(document))

    convert([path], write=True)

    text = path.read_text(encoding="utf-8")
    new = json.loads(text.lstrip("\ufeff"))
    assert len(new["interactions"]) == 3 + uploads
    assert new["interactions"][0] == new["interactions"][-1] == OTHER
    order = {name: new[name] for name in document}
    assert text.encode("ascii", "namereplace") == dump(order).encode("ascii", "namereplace")


def test_a_name_twice_in_json(tmp_path: Path) -> None:
    document = json.dumps({"interactions": [V1, V1]})
    path = write(tmp_path / "c.json", '{"interactions": [1, {}], "interactions": 5, ' + document[1:])

    convert([path], write=True)

    assert lines(json.loads(path.read_text())["interactions"]) == ["GET /v2/story/s-1 200"] * 2


def test_the_layout_of_json_and_yaml_is_the_same() -> None:
    for text in (json.dumps({"interactions": [V1]}), yaml.safe_dump({"interactions": [V1]})):
        layout = formats.parse(text)
        assert layout is not None
        assert layout.spans is not None
        assert formats.replace(text, layout, {}) == text
