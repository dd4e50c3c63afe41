"""Arguments in the wrong place: an immediate TypeError names the right one and quotes no value."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from requests.adapters import HTTPAdapter
from vimmerse import compat
from vimmerse.compat import requests

from tests.entry_points.fakes import is_installed

# Untyped, since the types forbid what is done here.
install: Any = compat.install
CompatTransport: Any = compat.CompatTransport
AsyncCompatTransport: Any = compat.AsyncCompatTransport
CompatAdapter: Any = compat.CompatAdapter
CompatClient: Any = compat.CompatClient
AsyncCompatClient: Any = compat.AsyncCompatClient
Policy: Any = compat.Policy
SECRET = "vm_live_0123456789abcdef"
Make = Callable[[], object]


def policy() -> Any:
    return Policy(api_key=SECRET)


anything: Any = SECRET
WRONG: list[tuple[Make, str]] = [
    (lambda: install(anything), "policy must be a Policy, not str; pass a key as api_key=..."),
    (lambda: install(anything.encode()), "policy must be a Policy, not bytes"),
    (lambda: install(policy=Policy), "policy must be a Policy, not the class Policy"),
    (
        lambda: CompatTransport(policy()),
        "wrapped must be a transport with handle_request(), not Policy; pass a policy as",
    ),
    (lambda: CompatTransport(anything), "wrapped must be a transport with handle_request(), not str; pass a key as"),
    (lambda: CompatTransport(httpx.HTTPTransport), "wrapped must be a transport with handle_request(), not the class"),
    (lambda: CompatTransport(httpx.AsyncHTTPTransport()), "not AsyncHTTPTransport"),
    (lambda: CompatTransport(httpx.Client()), "wrapped must be a transport with handle_request(), not Client"),
    (lambda: CompatTransport(None, anything), "policy must be a Policy, not str"),
    (lambda: AsyncCompatTransport(policy()), "wrapped must be a transport with handle_async_request(), not Policy"),
    (lambda: AsyncCompatTransport(httpx.HTTPTransport()), "handle_async_request(), not HTTPTransport"),
    (lambda: CompatAdapter(policy()), "pool_connections must be a number, not Policy; pass a policy as policy=..."),
    (lambda: CompatAdapter(anything), "pool_connections must be a number, not str; pass a key as api_key=..."),
    (lambda: CompatAdapter(1, policy()), "pool_maxsize must be a number, not Policy"),
    (lambda: CompatAdapter(1, 1, policy()), "max_retries must be a number or a urllib3 Retry, not Policy"),
    (lambda: CompatAdapter(policy=anything), "policy must be a Policy, not str"),
    (lambda: CompatAdapter(wrapped=policy()), "wrapped must be an adapter with send(), not Policy"),
    (lambda: CompatAdapter(wrapped=HTTPAdapter), "wrapped must be an adapter with send(), not the class HTTPAdapter"),
    (lambda: requests.Session(anything), "policy must be a Policy, not str"),
    (lambda: CompatClient(policy()), "api_key must be text, not Policy; pass a policy as policy=..."),
    (lambda: CompatClient(httpx.Client()), "api_key must be text, not Client"),
    (lambda: CompatClient(SECRET, policy=anything), "policy must be a Policy, not str"),
    (
        lambda: CompatClient(SECRET, transport=policy()),
        "transport must be a transport with handle_request(), not Policy",
    ),
    (
        lambda: CompatClient(SECRET, client=httpx.AsyncClient()),
        "client must be an httpx client with close(), not Async",
    ),
    (lambda: AsyncCompatClient(policy()), "api_key must be text, not Policy"),
    (
        lambda: AsyncCompatClient(SECRET, client=httpx.Client()),
        "client must be an httpx client with aclose(), not Client",
    ),
    (lambda: AsyncCompatClient(SECRET, transport=httpx.HTTPTransport()), "handle_async_request(), not HTTPTransport"),
    (lambda: Policy(api_key=policy()), "api_key must be text, not Policy"),
    (lambda: Policy(api_key=SECRET.encode()), "api_key must be text, not bytes"),
    (lambda: Policy(base_url=SECRET.encode()), "base_url must be text, not bytes"),
    (lambda: Policy(mode=5), "mode must be text, not int"),
    (lambda: Policy(video_tools=anything), "video_tools must be a mapping of names, not str"),
    (lambda: Policy(image_tools=[("a", "b")]), "image_tools must be a mapping of names, not list"),
    (lambda: Policy(max_credits=anything), "max_credits must be a number of credits, not str"),
    (lambda: Policy(on_warning=anything), "on_warning must be a function that takes a Notice, not str"),
    (lambda: Policy(limits=anything), "limits must be Limits(...), not str"),
    (lambda: Policy(supply_key=True), "supply_key must be 'always' or 'status', not bool"),
]


@pytest.mark.parametrize(("make", "text"), WRONG, ids=range(len(WRONG)))
def test_a_type_error_at_once(make: Make, text: str) -> None:
    with pytest.raises(TypeError, match=re.escape(text)) as caught:
        make()
    assert SECRET not in str(caught.value)
    assert not is_installed()


@pytest.mark.parametrize("name", ["mode", "base_url", "supply_key"])
def test_a_key_in_the_place_of_another_text_is_not_quoted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments: Any = {name: SECRET}
    with pytest.raises(ValueError, match=f"^{name} must be ") as caught:
        Policy(**arguments)
    assert SECRET not in str(caught.value)
    if name != "supply_key":
        variable = {"mode": "VIMMERSE_COMPAT_MODE", "base_url": "VIMMERSE_BASE_URL"}[name]
        monkeypatch.setenv(variable, SECRET)
        with pytest.raises(ValueError, match=f"{variable} can't be used: it must be ") as caught:
            Policy.from_env()
        assert SECRET not in str(caught.value)


def test_an_adapter_may_leave_the_retries_to_urllib3() -> None:
    assert CompatAdapter(max_retries=None).max_retries.total == HTTPAdapter(max_retries=None).max_retries.total


def test_max_credits_is_a_number() -> None:
    from decimal import Decimal
    from fractions import Fraction

    for number in (0, 1.5, Decimal("2"), Fraction(1, 2)):
        assert Policy(max_credits=number).max_credits == number
    for number in (-1, float("nan"), Decimal("nan"), Decimal("sNaN")):
        with pytest.raises(ValueError, match="max_credits is "):
            Policy(max_credits=number)
