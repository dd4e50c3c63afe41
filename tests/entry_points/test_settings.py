"""Arguments, then the environment, then the defaults."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
import vimmerse.compat
from vimmerse.compat.core.policy import DEFAULT_BASE_URL, Policy
from vimmerse.compat.runtime import settings


def test_the_defaults() -> None:
    assert Policy.from_env() == Policy()
    assert Policy.from_env().base_url == DEFAULT_BASE_URL
    assert Policy.from_env(mode=None, base_url=None, api_key=None, max_credits=None, on_warning=None) == Policy()


def test_the_environment_fills_unset_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_API_KEY", " from-environment\n")
    monkeypatch.setenv("VIMMERSE_BASE_URL", "http://localhost:1/api/")
    monkeypatch.setenv("VIMMERSE_COMPAT_MODE", "STRICT")
    policy = Policy.from_env()
    assert (policy.api_key, policy.base_url, policy.mode) == ("from-environment", "http://localhost:1/api", "strict")
    explicit = Policy.from_env(api_key="given", base_url="https://example.org", mode="lenient", max_credits=3)
    assert (explicit.api_key, explicit.base_url, explicit.mode) == ("given", "https://example.org", "lenient")
    assert explicit.max_credits == 3


def test_a_bad_variable_is_ignored_with_an_explicit_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_COMPAT_MODE", "loose")
    assert Policy.from_env(mode="strict").mode == "strict"


@pytest.mark.parametrize("name", ["VIMMERSE_API_KEY", "VIMMERSE_BASE_URL", "VIMMERSE_COMPAT_MODE"])
def test_a_blank_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "  ")
    assert Policy.from_env() == Policy()


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
        Policy.from_env()
    assert "kéy" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_policy_is_used_unchanged_except_for_overrides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_API_KEY", "from-environment")
    mine = Policy(mode="strict")
    assert settings.resolve(mine, {}) == mine.replace(api_key="from-environment")
    assert settings.resolve(mine, {"max_credits": 1}) == Policy(
        mode="strict", max_credits=1, api_key="from-environment"
    )
    assert settings.resolve(None, {"max_credits": 1}).api_key == "from-environment"
    monkeypatch.delenv("VIMMERSE_API_KEY")
    assert settings.resolve(mine, {}) is mine


def test_a_policy_pickles_and_copies() -> None:
    mine = Policy(mode="strict", video_tools={"RunwayML": "Vidu"}, api_key="k")
    assert pickle.loads(pickle.dumps(mine)) == mine
    assert copy.deepcopy(mine) == mine


def test_a_policy_does_not_read_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_API_KEY", "from-environment")
    monkeypatch.setenv("VIMMERSE_BASE_URL", "http://localhost:1")
    monkeypatch.setenv("VIMMERSE_COMPAT_MODE", "no such mode")
    policy = Policy(max_credits=3)
    assert (policy.api_key, policy.base_url, policy.mode) == (None, DEFAULT_BASE_URL, "lenient")


def test_an_entry_point_fills_what_a_policy_leaves_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_API_KEY", "from-environment")
    monkeypatch.setenv("VIMMERSE_BASE_URL", "http://localhost:1")
    monkeypatch.setenv("VIMMERSE_COMPAT_MODE", "strict")
    filled = settings.resolve(Policy(max_credits=3), {})
    assert (filled.api_key, filled.base_url, filled.mode) == ("from-environment", "http://localhost:1", "strict")
    assert filled.max_credits == 3
    assert "from-environment" not in repr(filled)


def test_an_explicit_default_is_not_overridden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_API_KEY", "from-environment")
    monkeypatch.setenv("VIMMERSE_BASE_URL", "http://localhost:1")
    monkeypatch.setenv("VIMMERSE_COMPAT_MODE", "strict")
    explicit = Policy(mode="lenient", base_url=DEFAULT_BASE_URL, api_key=None)
    for policy in (explicit, pickle.loads(pickle.dumps(explicit)), explicit.replace(max_credits=None)):
        assert settings.resolve(policy, {}) == explicit
        assert settings.resolve(policy, {"api_key": "k"}).mode == "lenient"


def test_the_old_function_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_API_KEY", "from-environment")
    monkeypatch.delitem(vars(vimmerse.compat), "policy", raising=False)
    with pytest.warns(DeprecationWarning, match=r"Policy\.from_env") as caught:
        from vimmerse.compat import policy
    assert len(caught) == 1
    make: Any = policy
    assert make(max_credits=3) == Policy(api_key="from-environment", max_credits=3)


def test_a_base_url_with_a_password_is_not_repeated() -> None:
    with pytest.raises(ValueError, match="credentials") as caught:
        Policy(base_url="ftp://user:secret@example.org")
    assert "secret" not in str(caught.value)
