"""Corners of the doors that no ordinary call gets into."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Any

import pytest
import requests as real
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import ClosedPoolError, MaxRetryError, NewConnectionError, ProxyError, ReadTimeoutError
from vimmerse.compat import requests
from vimmerse.compat.adapters.requests import _not_sent

POOL = HTTPConnectionPool("127.0.0.1", 9)
NO_CONNECTION = NewConnectionError(HTTPConnection("127.0.0.1", 9), "refused")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (real.exceptions.ConnectTimeout(), True),
        (real.exceptions.InvalidURL("no host"), True),
        (real.exceptions.ConnectionError(ClosedPoolError(POOL, "closed")), True),
        (real.exceptions.ConnectionError(MaxRetryError(POOL, "/", ReadTimeoutError(POOL, "/", "late"))), False),
        (real.exceptions.ConnectionError(), False),
        (real.exceptions.ProxyError(MaxRetryError(POOL, "/", ProxyError("no proxy", NO_CONNECTION))), True),
        (real.exceptions.ProxyError(MaxRetryError(POOL, "/", ProxyError("it broke", OSError("reset")))), False),
        (real.exceptions.ReadTimeout(ReadTimeoutError(POOL, "/", "late")), False),
    ],
)
def test_which_failures_of_requests_come_before_anything_is_sent(error: Exception, expected: bool) -> None:
    assert _not_sent(error) is expected


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment of the test's own, with no variable that the functions know."""
    own: dict[str, str] = {}
    monkeypatch.setattr("sys.platform", "linux")  # elsewhere the proxies are settings of the system
    monkeypatch.setattr(requests, "os", SimpleNamespace(environ=own))
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    return own


def settings(**given: Any) -> dict[str, Any]:
    options = {"proxies": {}, "stream": None, "verify": None, "cert": None, **given}
    session = requests._OneCall()
    session.surroundings = requests._Environment()
    found: dict[str, Any] = session.merge_environment_settings("https://api.vimmerse.net/story", **options)
    return found


def test_the_bundle_of_the_environment_is_for_those_who_name_none(environment: dict[str, str]) -> None:
    assert settings()["verify"] is True
    environment["CURL_CA_BUNDLE"] = "curl.pem"
    assert settings()["verify"] == settings(verify=True)["verify"] == "curl.pem"
    environment["REQUESTS_CA_BUNDLE"] = "requests.pem"
    assert settings()["verify"] == "requests.pem"
    assert settings(verify=False)["verify"] is False
    assert settings(verify="own.pem")["verify"] == "own.pem"


def test_the_proxies_of_the_environment_are_used(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    assert settings()["proxies"] == {}
    environment["https_proxy"] = "seen"  # that there is one is read here, and which one by requests itself
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    assert settings()["proxies"]["https"] == "http://127.0.0.1:9"
