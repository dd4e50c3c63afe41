"""Cassettes written by tests, and the program's own v1 cassettes, converted once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from vimmerse.compat import Policy
from vimmerse.compat.migrate.cassettes import CassetteReport, ConversionReport, ExchangeReport, convert

from tests.specs.spec import LOADER

HOME = Path(__file__).resolve().parents[2]
API = "https://api.vimmerse.net"
KEY = "key-of-the-tests-0123456789"
POLICY = Policy(api_key="a-key", on_warning=lambda notice: None)
Json = dict[str, Any]
Cassette = Callable[..., Path]  # the fixture ``cassette``


def interaction(
    method: str,
    path: str,
    answer: Any = None,
    *,
    status: int = 200,
    body: str | bytes | None = None,
    content_type: str = "application/x-www-form-urlencoded",
    headers: Json | None = None,
    answer_headers: Json | None = None,
) -> Json:
    """An interaction as VCR.py stores it. ``answer``: JSON, unless it is text or bytes."""
    text = answer if isinstance(answer, str | bytes) else json.dumps(answer)
    sent = {"Content-Type": [content_type]} if body else {}
    return {
        "request": {
            "method": method,
            "uri": path if "://" in path else API + path,
            "body": body,
            "headers": {"X-Api-Key": ["KEY"], **sent, **(headers or {})},
        },
        "response": {
            "status": {"code": status, "message": "OK" if status == 200 else "Error"},
            "headers": {"Content-Type": ["application/json"], "X-Request-Id": ["r-1"], **(answer_headers or {})},
            "body": {"string": text},
        },
    }


def media(id: str = "m-1", **fields: Any) -> Json:
    """The v1 response that shows a media."""
    preset = {"MotionType": "Auto", "Params": "Prompt=Rain|Quantity=1|MotionAmount=5|MotionLength=5|Loop=1"}
    return {"data": {"id": id, "processing_status": "queue_bullet", "pose_preset": preset, "result": [], **fields}}


def story(id: str = "s-1", **fields: Any) -> Json:
    """The v1 response that shows a story."""
    return {"data": {"id": id, "status": "new", "storyboard": {"scenes": [{"name": "One"}]}, **fields}}


OTHER = interaction("GET", "https://example.com/x", {"a": "é\u2028"}, answer_headers={"Date": ["today"]})
V1 = interaction("GET", "/story/s-1", story(title="Häuser"))


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.fixture(params=["C", "Python"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Which parser PyYAML has: libyaml's, or its own."""
    if request.param == "Python":
        monkeypatch.delattr(yaml, "CSafeLoader")
        monkeypatch.delattr(yaml, "CSafeDumper")
    return str(request.param)


@pytest.fixture
def cassette(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes a cassette in VCR.py's format, in YAML or JSON."""

    def write(*interactions: Json, name: str = "c.yaml") -> Path:
        document = {"interactions": list(interactions), "version": 1}
        path = tmp_path / name
        if name.endswith(".json"):
            path.write_text(json.dumps(document, indent=4) + "\n", encoding="utf-8")
        else:
            path.write_text(yaml.safe_dump(document), encoding="utf-8")
        return path

    return write


@pytest.fixture
def converted(cassette: Callable[..., Path]) -> Callable[..., tuple[list[ExchangeReport], list[Json]]]:
    """A function that writes and converts a cassette, twice: the reports, and the new interactions."""

    def run(*interactions: Json, **options: Any) -> tuple[list[ExchangeReport], list[Json]]:
        path = cassette(*interactions)
        report = one(convert([path], write=True, **options))
        text = path.read_bytes()
        again = convert([path], write=True, **options)
        assert path.read_bytes() == text
        assert [each.changed for each in again.cassettes] == [False] * len(again.cassettes)
        new: list[Json] = yaml.load(text, LOADER)["interactions"]
        return list(report.exchanges), new

    return run


def one(report: ConversionReport) -> CassetteReport:
    """The report of the only cassette."""
    (cassette,) = report.cassettes
    return cassette


def lines(interactions: list[Json]) -> list[str]:
    """Method, path and status of each interaction."""
    return [
        f"{each['request']['method']} {each['request']['uri'].removeprefix(API)} {each['response']['status']['code']}"
        for each in interactions
    ]


def answer(interaction: Json) -> Any:
    """The JSON of an interaction's response."""
    return json.loads(interaction["response"]["body"]["string"])


@pytest.fixture(scope="session")
def converted_v1(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ConversionReport]:
    """``cassettes/v1``, converted: the folder, and the report."""
    folder = tmp_path_factory.mktemp("converted") / "v1"
    shutil.copytree(HOME / "cassettes" / "v1", folder)
    return folder, convert([folder], write=True)
