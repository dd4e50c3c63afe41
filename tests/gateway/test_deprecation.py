"""The headers about v1's deprecation: RFC 9745 and RFC 8594."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.gateway import cli
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.emulator import Emulator

from tests.gateway.conftest import CALLER
from tests.gateway.serving import RawApi, Running, http_response, serving

LINK = '<https://docs.example/v2>; rel="deprecation"; type="text/html"'


@pytest.fixture(scope="module")
def leaving(shared_emulator: Emulator) -> Iterator[Running]:
    config = GatewayConfig(sunset=date(2030, 6, 30), deprecation_link="https://docs.example/v2", max_body=1000)
    with serving(Policy(base_url=shared_emulator.base_url), config) as running:
        yield running


def reported(response: httpx.Response) -> tuple[list[str], list[str], list[str]]:
    headers = response.headers
    return headers.get_list("deprecation"), headers.get_list("link"), headers.get_list("sunset")


def test_responses_to_v1_calls_have_the_headers(leaving: Running, emulator: Emulator) -> None:
    with httpx.Client(base_url=leaving.base_url, headers={"X-Api-Key": CALLER}) as client:
        id = client.post("/media", data={"prompt": "p"}).json()["data"]["id"]
        responses = [
            client.post("/story/idea-2-video", data={"idea": "x"}),
            client.get(f"/media/{id}/download"),
            client.get("/story/nowhere"),
            client.post("/story", content=b"x" * 2000),
            client.post("/media", data={"prompt": "p", "extend_video": "Yes"}),
            httpx.get(f"{leaving.base_url}/story/abc"),
        ]
    assert [one.status_code for one in responses[:4]] == [200, 200, 404, 413]
    for one in responses:
        ((deprecated,), link, (sunset,)) = reported(one)
        assert link == [LINK]
        assert deprecated[0] == "@"
        assert 0 < int(deprecated[1:]) < time.time() + 366 * 86400
        assert sunset == "Sun, 30 Jun 2030 00:00:00 GMT"
        assert parsedate_to_datetime(sunset) >= datetime.fromtimestamp(int(deprecated[1:]), UTC)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "DELETE", "PATCH"])
def test_so_do_responses_to_other_methods_of_v1_paths(leaving: Running, emulator: Emulator, method: str) -> None:
    ((deprecated,), link, (sunset,)) = reported(httpx.request(method, f"{leaving.base_url}/media/abc"))
    assert deprecated.startswith("@")
    assert link == [LINK]
    assert sunset == "Sun, 30 Jun 2030 00:00:00 GMT"


@pytest.mark.parametrize("path", ["/v2/story/abc", "/image/x", "/healthz"])
def test_other_responses_do_not(leaving: Running, emulator: Emulator, path: str) -> None:
    assert reported(httpx.get(leaving.base_url + path)) == ([], [], [])


def test_no_sunset_without_a_date(gateway: Running, emulator: Emulator) -> None:
    deprecation, link, sunset = reported(httpx.get(f"{gateway.base_url}/story/abc"))
    assert len(deprecation) == len(link) == 1
    assert sunset == []


def test_the_api_s_own_headers_are_replaced() -> None:
    head = b'Deprecation: @1\r\nLink: <https://a.example>; rel="next"\r\nSunset: Mon, 01 Jan 2035 00:00:00 GMT\r\n'
    with (
        RawApi(lambda received, sock: http_response(b'{"id":"x"}', headers=head)) as api,
        serving(Policy(base_url=api.base_url), GatewayConfig(deprecation_link="https://docs.example/v2")) as running,
    ):
        deprecation, link, sunset = reported(httpx.get(f"{running.base_url}/story/abc"))
    assert len(deprecation) == 1
    assert deprecation != ["@1"]
    assert link == ['<https://a.example>; rel="next"', LINK]
    assert sunset == ["Mon, 01 Jan 2035 00:00:00 GMT"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2030-06-30", "Sun, 30 Jun 2030 00:00:00 GMT"),
        ("2030-06-30T12:00:00Z", "Sun, 30 Jun 2030 12:00:00 GMT"),
        ("2030-06-30T12:00+02:00", "Sun, 30 Jun 2030 10:00:00 GMT"),
    ],
)
def test_dates_on_the_command_line(text: str, shown: str) -> None:
    _, config = cli.configure(cli.parser().parse_args(["--sunset", text, "--deprecation-link", "https://a.example/b"]))
    with serving(Policy(base_url="http://127.0.0.1:9"), config) as running:
        response = httpx.get(f"{running.base_url}/story/abc")
    assert response.headers["sunset"] == shown
    assert response.headers["link"] == '<https://a.example/b>; rel="deprecation"; type="text/html"'


def test_the_link_leads_to_the_migration_guide(gateway: Running) -> None:
    link = httpx.get(f"{gateway.base_url}/story/abc").links["deprecation"]
    guide = httpx.get(httpx.URL(gateway.base_url).join(link["url"]))
    assert (guide.status_code, guide.headers["content-type"]) == (200, f"{link['type']}; charset=utf-8")
    assert guide.text == (Path(__file__).parents[2] / "docs" / "migration.md").read_text()
    assert reported(guide) == ([], [], [])


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"sunset": date(2020, 1, 1)}, "must not be before v1 was deprecated"),
        ({"sunset": datetime(2020, 1, 1, tzinfo=timezone(timedelta(hours=2)))}, "must not be before v1 was deprecated"),
        ({"deprecation_link": "docs/migration.md"}, "http or https URL"),
        ({"deprecation_link": 'https://a.example/>; rel="x'}, "http or https URL"),
        ({"deprecation_link": "https://a.example/\r\nX: y"}, "http or https URL"),
    ],
)
def test_invalid_settings(changes: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        GatewayConfig(**changes)


def test_an_invalid_date(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--sunset", "soon"])
    assert "'soon' is not a date such as 2027-06-30" in capsys.readouterr().err
