"""``cassettes/v1``, converted, and replayed through the compat layer by pytest-recording and VCR.py."""

from __future__ import annotations

import json
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from vimmerse.compat import requests
from vimmerse.compat.migrate.cassettes import ConversionReport, convert
from vimmerse.compat.migrate.cassettes.differences import differences

from tests.cassettes_convert.conftest import API, HOME
from tests.recorded.calls import PARAMETERS, ROWS, Row, prepare
from tests.recorded.scrub import Scrubber
from tests.specs.spec import LOADER, response_errors

V1 = HOME / "cassettes" / "v1"
#: All that replays differently from what v1 answered.
LOST = {"result.*.motion_type": "a result of v2 is a URL and nothing else"}


@pytest.fixture
def vcr_config() -> dict[str, Any]:
    scrubber = Scrubber({}, ())
    return {
        "before_record_request": scrubber.request,
        "match_on": ["method", "scheme", "host", "port", "path", "query", "raw_body"],
        "allow_playback_repeats": False,
    }


@pytest.fixture
def vcr_cassette_dir(converted_v1: tuple[Path, ConversionReport]) -> str:
    return str(converted_v1[0])


@pytest.mark.block_network
@pytest.mark.parametrize("row", PARAMETERS)
@pytest.mark.vcr
def test_replays_what_v1_answered(row: Row, monkeypatch: pytest.MonkeyPatch, vcr: Any) -> None:
    """The calls of tests/recorded/test_v1.py, with the requests compared to the last byte."""
    monkeypatch.setenv("VIMMERSE_BASE_URL", API)
    headers = {"X-Api-Key": "a-key"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        id = prepare(requests, row.needs, API, headers)
        response = requests.request(row.method, API + row.path.replace("{id}", id), headers=headers, **row.call)

    assert vcr.all_played
    recorded = _recorded(row)
    assert response.status_code == recorded["status"]["code"]
    if row.binary:
        assert response.content == recorded["body"]["string"]
        return
    assert not response_errors("v1", row.name, response.json())
    found = differences(json.loads(recorded["body"]["string"]), response.json())
    assert {each.field.removeprefix("data.").removeprefix("data.") for each in found} <= set(LOST)


def _recorded(row: Row) -> Any:
    """v1's own response to a row's call."""
    return yaml.load((V1 / f"{row.id}.yaml").read_text(encoding="utf-8"), LOADER)["interactions"][-1]["response"]


def test_everything_is_converted(converted_v1: tuple[Path, ConversionReport]) -> None:
    exchanges = [exchange for cassette in converted_v1[1].cassettes for exchange in cassette.exchanges]

    assert converted_v1[1].complete
    assert len(converted_v1[1].cassettes) == len(ROWS)
    assert Counter(exchange.outcome for exchange in exchanges) == {"converted": len(exchanges) - 1, "unchanged": 1}
    assert {tuple(difference) for exchange in exchanges for difference in exchange.lost} == set(LOST.items())


def test_a_second_run_changes_nothing(converted_v1: tuple[Path, ConversionReport]) -> None:
    before = {path: path.read_bytes() for path in converted_v1[0].iterdir()}

    report = convert([converted_v1[0]], write=True)

    assert {path: path.read_bytes() for path in converted_v1[0].iterdir()} == before
    assert not any(cassette.changed for cassette in report.cassettes)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_the_requests_are_those_of_the_compat_layer(row: Row, converted_v1: tuple[Path, ConversionReport]) -> None:
    """``cassettes/shim`` was recorded from the same calls: only the URLs of uploads are others."""

    def load(path: Path) -> list[Any]:
        return [
            [each["request"][name] for name in ("method", "uri", "body")] + [sorted(each["request"]["headers"].items())]
            for each in yaml.load(path.read_text(encoding="utf-8"), LOADER)["interactions"]
        ]

    def without_uploads(items: list[Any]) -> str:
        text = repr(items)
        for item in items:
            if isinstance(item[2], str) and item[2].startswith("{"):
                body = json.loads(item[2])
                uploaded = [entry["url"] for entry in body.get("media_items") or []] + body.get("image_urls", [])
                for url in uploaded:
                    text = text.replace(url, "URL")
        return text

    name = f"{row.id}.yaml"
    assert without_uploads(load(converted_v1[0] / name)) == without_uploads(load(HOME / "cassettes" / "shim" / name))


def test_comments_at_the_head_stay(converted_v1: tuple[Path, ConversionReport]) -> None:
    for path in V1.iterdir():
        head = "".join(line for line in path.read_text(encoding="utf-8").splitlines(True)[:3])
        assert (converted_v1[0] / path.name).read_text(encoding="utf-8").startswith(head)
        assert head.startswith("# Recorded from")


def test_converted_responses_are_valid_in_v2(converted_v1: tuple[Path, ConversionReport]) -> None:
    operations = {"story": "get_story", "media": "get_media"}
    count = 0
    for path in converted_v1[0].iterdir():
        for each in yaml.load(path.read_text(encoding="utf-8"), LOADER)["interactions"]:
            steps = each["request"]["uri"].removeprefix(API).partition("?")[0].split("/")
            if steps[1:2] == ["v2"] and steps[2] in operations and "?" not in each["request"]["uri"]:
                shown = json.loads(each["response"]["body"]["string"])
                assert not response_errors("v2", operations[steps[2]], shown), path.name
                count += 1
    assert count > 60
