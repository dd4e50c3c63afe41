"""VCR.py and Betamax replay converted cassettes to a v1 program."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import requests
import vcr
from betamax import Betamax
from vimmerse.compat import CompatAdapter, CompatTransport, install
from vimmerse.compat import requests as drop_in
from vimmerse.compat.migrate.cassettes import convert

from tests.cassettes_convert.conftest import (
    API,
    POLICY,
    Cassette,
    Json,
    interaction,
    media,
    one,
    write,
)


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
