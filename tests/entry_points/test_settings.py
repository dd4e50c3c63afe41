"""Arguments, then the environment, then the defaults."""

from __future__ import annotations

import copy
import pickle

import pytest
from vimmerse.compat.core.policy import DEFAULT_BASE_URL, Policy
from vimmerse.compat.runtime import settings


def test_the_defaults() -> None:
    assert settings.policy() == Policy()
    assert settings.policy().base_url == DEFAULT_BASE_URL
    assert settings.policy(mode=None, base_url=None, api_key=None, max_credits=None, on_warning=None) == Policy()


def test_the_environment_fills_what_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_API_KEY", " from-environment\n")
    monkeypatch.setenv("VIMMERSE_BASE_URL", "http://localhost:1/api/")
    monkeypatch.setenv("VIMMERSE_COMPAT_MODE", "STRICT")
    found = settings.policy()
    assert (found.api_key, found.base_url, found.mode) == ("from-environment", "http://localhost:1/api", "strict")
    given = settings.policy(api_key="given", base_url="https://example.org", mode="lenient", max_credits=3)
    assert (given.api_key, given.base_url, given.mode) == ("given", "https://example.org", "lenient")
    assert given.max_credits == 3


def test_a_bad_variable_does_not_matter_where_the_argument_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_COMPAT_MODE", "loose")
    assert settings.policy(mode="strict").mode == "strict"


@pytest.mark.parametrize("name", ["VIMMERSE_API_KEY", "VIMMERSE_BASE_URL", "VIMMERSE_COMPAT_MODE"])
def test_a_blank_variable_is_none(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "  ")
    assert settings.policy() == Policy()


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("VIMMERSE_API_KEY", "kéy-value", "VIMMERSE_API_KEY"),
        ("VIMMERSE_BASE_URL", "ftp://example.org", "VIMMERSE_BASE_URL"),
        ("VIMMERSE_COMPAT_MODE", "loose", "VIMMERSE_COMPAT_MODE can't be used: it is 'loose'"),
    ],
)
def test_an_error_names_the_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str, text: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=text) as caught:
        settings.policy()
    assert "kéy" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_given_policy_is_taken_as_it_is_and_overrides_change_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_API_KEY", "from-environment")
    mine = Policy(mode="strict")
    assert settings.resolve(mine, {}) is mine
    assert settings.resolve(mine, {"max_credits": 1}) == Policy(mode="strict", max_credits=1)
    assert settings.resolve(None, {"max_credits": 1}).api_key == "from-environment"


def test_a_policy_pickles_and_copies() -> None:
    mine = Policy(mode="strict", video_tools={"RunwayML": "Vidu"}, api_key="k")
    assert pickle.loads(pickle.dumps(mine)) == mine
    assert copy.deepcopy(mine) == mine


def test_a_policy_made_by_hand_has_the_environments_key_and_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_API_KEY", "from-environment")
    monkeypatch.setenv("VIMMERSE_BASE_URL", "http://localhost:1")
    mine = Policy(max_credits=3)
    assert (mine.api_key, mine.base_url) == ("from-environment", "http://localhost:1")
    assert "from-environment" not in repr(mine)


def test_a_base_url_with_a_password_is_not_repeated() -> None:
    with pytest.raises(ValueError, match="credentials") as caught:
        Policy(base_url="ftp://user:secret@example.org")
    assert "secret" not in str(caught.value)
