"""What was recorded must be played, in every test with a cassette."""

from __future__ import annotations

import json
from pathlib import Path

import requests
import vcr
import yaml

from tests.recorded.conftest import not_played


def test_a_request_that_was_not_made_is_named(tmp_path: Path) -> None:
    urls = [f"https://api.vimmerse.net/story/{id}" for id in ("a", "b", "a")]
    body = {"string": json.dumps({"data": {}})}
    interactions = [
        {
            "request": {"method": "GET", "uri": url, "body": None, "headers": {}},
            "response": {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": body},
        }
        for url in urls
    ]
    path = tmp_path / "stories.yaml"
    path.write_text(yaml.safe_dump({"version": 1, "interactions": interactions}), encoding="utf-8")
    with vcr.use_cassette(str(path), record_mode="none") as cassette:
        assert requests.get(urls[0]).json() == {"data": {}}
        assert not_played(cassette) == [f"GET {urls[1]}", f"GET {urls[0]}"]
        requests.get(urls[1])
        requests.get(urls[0])
        assert not_played(cassette) == []
