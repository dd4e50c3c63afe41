"""Compressed bodies, and headers with the spelling and the secrets that a tool has recorded."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest
import yaml
from vimmerse.compat.migrate.cassettes import KeyRemark, convert

from tests.cassettes_convert.conftest import (
    OTHER,
    Cassette,
    answer,
    interaction,
    one,
    story,
)

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
