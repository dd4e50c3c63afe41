"""The formats: what is not converted stays byte for byte, and the tools replay what is."""

from __future__ import annotations

import base64
import gzip
import json
import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import vcr
import yaml
from betamax import Betamax
from vimmerse.compat import CompatAdapter, CompatTransport, Policy, install
from vimmerse.compat import requests as drop_in
from vimmerse.compat.migrate.cassettes import KeyRemark, convert, files, formats

from tests.cassettes_convert.conftest import API, Json, answer, interaction, lines, media, one, story

OTHER = interaction("GET", "https://example.com/x", {"a": "é\u2028"}, answer_headers={"Date": ["today"]})
V1 = interaction("GET", "/story/s-1", story(title="Häuser"))
POLICY = Policy(api_key="a-key", on_warning=lambda notice: None)
Cassette = Callable[..., Path]


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


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


@pytest.fixture(params=["C", "Python"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Which parser PyYAML has: libyaml's, or its own."""
    if request.param == "Python":
        monkeypatch.delattr(yaml, "CSafeLoader")
        monkeypatch.delattr(yaml, "CSafeDumper")
    return str(request.param)


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


# Bodies


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw deflate", "x-gzip", "identity"])
def test_a_compressed_response(cassette: Cassette, encoding: str) -> None:
    raw = zlib.compressobj(wbits=-15)
    text = json.dumps(story()).encode()
    body = {
        "gzip": gzip.compress(text),
        "x-gzip": gzip.compress(text),
        "deflate": zlib.compress(text),
        "raw deflate": raw.compress(text) + raw.flush(),
        "identity": text,
    }[encoding]
    headers = {"Content-Encoding": [encoding.removeprefix("raw ")]}
    path = cassette(interaction("GET", "/story/s-1", body, answer_headers=headers))

    assert one(convert([path], write=True)).complete
    (new,) = yaml.safe_load(path.read_text())["interactions"]
    assert answer(new)["id"] == "s-1"
    assert "Content-Encoding" not in new["response"]["headers"]


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_a_response_that_the_tool_has_decompressed(cassette: Cassette, encoding: str) -> None:
    path = cassette(interaction("GET", "/story/s-1", story(), answer_headers={"content-encoding": [encoding]}))

    assert one(convert([path])).complete


@pytest.mark.parametrize(
    ("encoding", "body", "reason"),
    [
        ("br", b"\x0b\x02\x80", "its response is compressed with br"),
        ("gzip", gzip.compress(b"{}", mtime=0)[:-4], "its compressed response is cut short, or larger than"),
        ("gzip", gzip.compress(bytes(2000), mtime=0), "its compressed response is cut short, or larger than"),
    ],
)
def test_a_compressed_response_that_is_left(
    cassette: Cassette, encoding: str, body: bytes, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vimmerse.compat.migrate.cassettes.interactions.MAX_BODY", 1000)
    path = cassette(interaction("GET", "/story/s-1", body, answer_headers={"Content-Encoding": [encoding]}))

    assert one(convert([path])).exchanges[0].reason.startswith(reason)


# Replays


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """A session with the compat layer, as a v1 program uses it."""
    with requests.Session() as session:
        session.mount(API, CompatAdapter(policy=POLICY))
        yield session


def run_v1_program(session: requests.Session) -> Json:
    """Upload an image, wait, download."""
    files = {"image_files": ("a.png", b"PNG", "image/png")}
    id = session.post(f"{API}/media", files=files, data={"prompt": "Rain"}).json()["data"]["id"]
    while (shown := session.get(f"{API}/media/{id}").json()["data"])["processing_status"] != "success":
        pass
    content = session.get(f"{API}/media/{id}/download", params={"motion_type": "Auto1"}).content
    return {"content": content, "url": shown["result"][0]["url"], "progress": shown["progress_percentage"]}


RESULT = {"content": b"video", "url": "https://media.vimmerse.net/1.mp4", "progress": 100}
FINISHED = media(processing_status="success", progress_percentage=100, result=[{"url": RESULT["url"]}])
FORM = (
    '--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nRain\r\n'
    '--b\r\nContent-Disposition: form-data; name="image_files"; filename="a.png"\r\n\r\nPNG\r\n--b--\r\n'
)
PROGRAM = [
    interaction("POST", "/media", media(), body=FORM, content_type="multipart/form-data; boundary=b"),
    interaction("GET", "/media/m-1", media(processing_status="processing_bullet", progress_percentage=40)),
    interaction("GET", "/media/m-1", FINISHED),
    interaction("GET", "/media/m-1/download?motion_type=Auto1", "video"),
]


@pytest.mark.parametrize("name", ["c.yaml", "c.json"])
def test_vcr_py_replays(cassette: Cassette, session: requests.Session, name: str) -> None:
    path = cassette(*PROGRAM, name=name)
    convert([path], write=True)
    text = path.read_bytes()

    serializer = name.partition(".")[2]
    with vcr.use_cassette(str(path), record_mode="none", serializer=serializer) as player:
        assert run_v1_program(session) == RESULT

    assert player.all_played
    assert path.read_bytes() == text


def betamax_document(items: list[Json]) -> Json:
    """A cassette as Betamax writes it."""
    return {
        "http_interactions": [
            {
                "recorded_at": "2020-01-01T00:00:00",
                "request": {
                    **item["request"],
                    "body": {"encoding": "utf-8", "string": item["request"]["body"] or ""},
                },
                "response": {
                    **item["response"],
                    "body": {
                        "encoding": None,
                        "base64_string": base64.b64encode(item["response"]["body"]["string"].encode()).decode(),
                    },
                    "url": item["request"]["uri"],
                },
            }
            for item in items
        ],
        "recorded_with": "betamax/0.9.0",
    }


def replay_with_betamax(session: requests.Session, folder: Path) -> Json:
    """Run the program on a cassette named c."""
    with Betamax(session, cassette_library_dir=str(folder)) as recorder:
        recorder.use_cassette("c", record="none")
        return run_v1_program(session)


def test_betamax_replays(tmp_path: Path) -> None:
    path = write(tmp_path / "c.json", json.dumps(betamax_document(PROGRAM)))

    assert one(convert([path], write=True)).complete
    assert convert([path]).cassettes == ()

    with drop_in.Session(POLICY) as session:
        assert replay_with_betamax(session, tmp_path) == RESULT


def test_betamax_is_above_an_installed_compat_layer(tmp_path: Path) -> None:
    """It replaces the adapters that are patched, so its cassettes stay as they are: docs/testing-v1.md says so."""
    write(tmp_path / "c.json", json.dumps(betamax_document(PROGRAM)))

    with install(POLICY), requests.Session() as session:
        assert replay_with_betamax(session, tmp_path) == RESULT


def test_betamax_interactions_have_their_address_twice(tmp_path: Path) -> None:
    path = write(tmp_path / "c.json", json.dumps(betamax_document(PROGRAM)))

    convert([path], write=True)

    for each in json.loads(path.read_text())["http_interactions"]:
        assert each["response"]["url"] == each["request"]["uri"]
        assert each["recorded_at"] == "2020-01-01T00:00:00"
        assert set(each["request"]["body"]) in ({"encoding", "string"}, {"encoding", "base64_string"})


def test_a_binary_form_in_betamax(tmp_path: Path) -> None:
    document = betamax_document(PROGRAM[:1])
    form = FORM.encode().replace(b"PNG", b"\xff")
    document["http_interactions"][0]["request"]["body"] = {"base64_string": base64.b64encode(form).decode()}
    path = write(tmp_path / "c.json", json.dumps(document))

    convert([path], write=True)

    sent = json.loads(path.read_text())["http_interactions"][0]["request"]["body"]
    assert b"\r\n\xff\r\n" in base64.b64decode(sent["base64_string"])


def test_vcr_py_replays_with_httpx(cassette: Cassette) -> None:
    path = cassette(*PROGRAM)
    convert([path], write=True)

    with vcr.use_cassette(str(path), record_mode="none") as player, CompatTransport(policy=POLICY) as transport:
        client = httpx.Client(transport=transport, base_url=API)
        files = {"image_files": ("a.png", b"PNG", "image/png")}
        id = client.post("/media", data={"prompt": "Rain"}, files=files).json()["data"]["id"]
        shown = [client.get(f"/media/{id}").json()["data"]["progress_percentage"] for _ in range(2)]
        content = client.get(f"/media/{id}/download", params={"motion_type": "Auto1"}).content

    assert player.all_played
    assert (shown, content) == ([40, 100], RESULT["content"])


# Headers


def test_headers_are_stored_as_they_were(cassette: Cassette) -> None:
    exchange = interaction("GET", "/story/s-1", story())
    exchange["request"]["headers"] = {"x-api-key": "KEY", "accept": "*/*"}
    exchange["response"]["headers"] = {"x-a": b"1", "content-type": "application/json"}
    path = cassette(exchange)

    convert([path], write=True)

    (new,) = yaml.safe_load(path.read_text())["interactions"]
    assert new["request"]["headers"] == {"x-api-key": "KEY", "accept": "*/*"}
    assert new["response"]["headers"] == {"x-a": "1", "content-type": "application/json"}


@pytest.mark.parametrize(
    ("header", "value", "warned"),
    [
        ("X-Api-Key", "KEY", False),
        ("X-Api-Key", "<X-API-KEY>", False),
        ("X-Api-Key", "a-key-of-the-tests", False),
        ("X-Api-Key", "********", False),
        ("x-api-key", "vk_live_9fJ2mQ81xLp", True),
        ("Authorization", "Bearer abcdefghijklmnopqrstuvwx", True),
        ("User-Agent", "python-requests/2.32.12345678", False),
    ],
)
def test_keys_are_pointed_at(cassette: Cassette, header: str, value: str, warned: bool) -> None:
    report = convert(
        [cassette(OTHER, interaction("GET", "/v2/story/s-1", {}, headers={"X-Api-Key": [], header: [value]}))]
    )

    assert [each.keys for each in report.cassettes] == ([(KeyRemark(2, header),)] if warned else [])
    assert value not in repr(report) or not warned


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


def test_the_layout_of_json_and_yaml_is_the_same() -> None:
    for text in (json.dumps({"interactions": [V1]}), yaml.safe_dump({"interactions": [V1]})):
        layout = formats.parse(text)
        assert layout is not None
        assert layout.spans is not None
        assert formats.replace(text, layout, {}) == text
