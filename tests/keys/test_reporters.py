"""No error reporter finds the key in a frame of the library, whatever fails, at any entry point.

python -m tests.keys.test_reporters     the figures of docs/reliability.md
"""

from __future__ import annotations

import asyncio
import copy
import socket
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx
import pytest
import requests
from vimmerse.compat import (
    AsyncCompatClient,
    AsyncCompatTransport,
    CompatAdapter,
    CompatClient,
    CompatTransport,
    CreditLimitError,
    Policy,
    V1DeprecationWarning,
)
from vimmerse.compat import requests as drop_in
from vimmerse.compat.process.patching import install
from vimmerse.emulator import AT_ONCE, Emulator
from vimmerse.jobs import wait
from vimmerse.v1 import AuthenticatedClient as V1Client
from vimmerse.v2 import AuthenticatedClient
from vimmerse.v2.api.media import create_media
from vimmerse.v2.models import CreateMediaRequest

from tests.keys.canary import CANARY, HEADERS, LOSSY
from tests.keys.reporters import REPORTERS
from tests.sampling import sampled

Call = Callable[[str, str], object]


def by_httpx(base: str, mode: str) -> None:
    policy = Policy(base_url=base, mode=mode)  # type: ignore[arg-type]  # a parameter
    with httpx.Client(transport=CompatTransport(policy=policy), headers=HEADERS, timeout=0.5) as client:
        client.post(f"{base}/media", data=LOSSY)


def by_httpx_with_the_policy_s_key(base: str, mode: str) -> None:
    transport = CompatTransport(base_url=base, mode=mode, api_key=CANARY)  # type: ignore[arg-type]  # as above
    with httpx.Client(transport=transport, timeout=0.5) as client:
        client.post(f"{base}/media", data=LOSSY)


def by_httpx_async(base: str, mode: str) -> None:
    async def play() -> None:
        transport = AsyncCompatTransport(base_url=base, mode=mode)  # type: ignore[arg-type]  # as above
        async with httpx.AsyncClient(transport=transport, headers=HEADERS, timeout=0.5) as client:
            await client.post(f"{base}/media", data=LOSSY)

    asyncio.run(play())


def by_requests(base: str, mode: str) -> None:
    with requests.Session() as session:
        session.mount(base, CompatAdapter(base_url=base, mode=mode))  # type: ignore[arg-type]  # as above
        session.headers.update(HEADERS)
        session.post(f"{base}/media", data=LOSSY, timeout=0.5)


def by_drop_in(base: str, mode: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIMMERSE_BASE_URL", base)
        patch.setenv("VIMMERSE_COMPAT_MODE", mode)
        patch.setenv("VIMMERSE_API_KEY", CANARY)  # with headers= the functions of requests show it, too
        drop_in.post(f"{base}/media", data=LOSSY, timeout=0.5)


def by_process(base: str, mode: str) -> None:
    with install(base_url=base, mode=mode, api_key=CANARY):  # type: ignore[arg-type]  # as above
        requests.post(f"{base}/media", data=LOSSY, timeout=0.5)


def by_client(base: str, mode: str) -> None:
    with CompatClient(CANARY, base_url=base, policy=Policy(mode=mode), timeout=0.5) as client:  # type: ignore[arg-type]
        client.create_media(**LOSSY)


def by_client_async(base: str, mode: str) -> None:
    async def play() -> None:
        policy = Policy(mode=mode)  # type: ignore[arg-type]  # as above
        async with AsyncCompatClient(CANARY, base_url=base, policy=policy, timeout=0.5) as client:
            await client.create_media(**LOSSY)

    asyncio.run(play())


def by_v2(base: str, mode: str) -> None:
    with AuthenticatedClient(base_url=base, token=CANARY, timeout=0.5) as client:
        create_media.sync(client=client, body=CreateMediaRequest(prompt="Rain"))


def by_jobs(base: str, mode: str) -> None:
    with AuthenticatedClient(base_url=base, token=CANARY, timeout=0.5) as client:
        wait(client, "m-1", kind="media", timeout=0.2, interval=0.1)


CALLS: Mapping[str, Call] = {
    "httpx": by_httpx,
    "httpx, key of the policy": by_httpx_with_the_policy_s_key,
    "httpx, async": by_httpx_async,
    "requests": by_requests,
    "drop-in": by_drop_in,
    "install()": by_process,
    "CompatClient": by_client,
    "AsyncCompatClient": by_client_async,
    "vimmerse.v2": by_v2,
    "vimmerse.jobs": by_jobs,
}
#: What goes wrong: faults of the emulator, and errors before anything is sent.
FAILURES = ("refused", "reset", "hang", "cut", "null", "truncated", "status", "strict", "warning")
#: vimmerse.v2 and vimmerse.jobs know neither policy nor warnings.
PAIRS = [
    (call, failure)
    for call in CALLS
    for failure in FAILURES
    if not (call.startswith("vimmerse.") and failure in ("strict", "warning"))
]


@pytest.fixture(scope="module")
def service() -> Iterator[Emulator]:
    with Emulator(transition=AT_ONCE) as running:
        yield running


def closed_port() -> str:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{sock.getsockname()[1]}"


def ended(service: Emulator, call: str, failure: str) -> BaseException | None:
    """How a call ends."""
    service.reset()
    base = closed_port() if failure == "refused" else service.base_url
    if failure in ("reset", "hang", "cut", "null", "truncated", "status"):
        body: dict[str, object] = {"message": f"{CANARY} is unknown", "code": "X"}
        more: dict[str, Any] = {"status": 401, "body": body} if failure == "status" else {}
        service.faults.add(kind=failure, times=None, **more)  # type: ignore[arg-type]  # a parameter of the test
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if failure == "warning":
            warnings.simplefilter("error", V1DeprecationWarning)
        try:
            CALLS[call](base, "strict" if failure == "strict" else "lenient")
        except Exception as error:
            return error
    return None


def reporters_of(pair: tuple[str, str]) -> list[str]:
    """The plain walk, which sees every local variable, and one of the real reporters, which take ten times as long.

    In turn: each reporter meets each failure and, since there are more failures than reporters, each entry point.
    """
    real = [name for name in REPORTERS if name != "walk"]
    call, failure = list(CALLS).index(pair[0]), FAILURES.index(pair[1])
    return ["walk", real[(call + failure) % len(real)]]


@pytest.mark.parametrize(("call", "failure"), sampled(PAIRS, 6))
def test_no_frame_of_the_library_shows_the_key(service: Emulator, call: str, failure: str) -> None:
    error = ended(service, call, failure)
    if error is None:
        assert failure == "status"  # where an error status is a normal response, as in the library
        return
    for name in reporters_of((call, failure)):
        shown = list(REPORTERS[name](error))
        assert shown, name
        for frame, text in shown:
            assert CANARY not in text, f"{name}: {frame}"


@pytest.mark.parametrize(
    ("kind", "content"), [("application/json", f'["{CANARY}"]'), (f"text/html; of={CANARY}", f"<p>{CANARY}")]
)
def test_nor_does_one_that_has_read_the_key_in_a_response(kind: str, content: str) -> None:
    transport = httpx.MockTransport(
        lambda request: httpx.Response(200, headers={"Content-Type": kind}, content=content.encode())
    )
    ours = CompatTransport(transport, base_url="https://api.vimmerse.net", on_warning=lambda notice: None)
    with httpx.Client(transport=ours, headers=HEADERS) as client, pytest.raises(httpx.RequestError) as caught:
        client.get("https://api.vimmerse.net/story/x")
    for name, reporter in REPORTERS.items():
        for frame, text in reporter(caught.value):
            assert CANARY not in text, f"{name}: {frame}"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/story/idea-2-video"),
        ("POST", "/story/x/videos"),
        ("POST", "/media"),
        ("PUT", "/media/x"),
        ("POST", "/media/x/process"),
        ("POST", "/v2/media"),
    ],
)
def test_nor_does_one_whose_call_has_the_key_in_a_field_and_costs_too_much(method: str, path: str) -> None:
    job = {"id": "x", "storyboard": {"scenes": [{}]}, "pose_preset": {"motion_type": "Auto", "duration": 5}}
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=job))
    policy = Policy(base_url="https://api.vimmerse.net", max_credits=0, on_warning=lambda notice: None)
    ours = CompatTransport(transport, policy)
    fields = {"prompt": CANARY, "idea": CANARY, "storyboard": {"scenes": [{"prompt": CANARY}]}, "quantity": 1}
    with httpx.Client(transport=ours, headers=HEADERS) as client, pytest.raises(CreditLimitError) as caught:
        client.request(method, f"https://api.vimmerse.net{path}", json=fields)
    for name, reporter in REPORTERS.items():
        for frame, text in reporter(caught.value):
            assert CANARY not in text, f"{name}: {frame}"


BROKEN: dict[str, Any] = {"base_url": "no-url-at-all"}
#: Constructors with a valid key and another argument that they reject; then with a key that they reject.
CONSTRUCTORS: Mapping[str, Callable[[], object]] = {
    "AuthenticatedClient": lambda: AuthenticatedClient(token=CANARY, **BROKEN),
    "AuthenticatedClient, v1": lambda: V1Client(api_key=CANARY, **BROKEN),
    "two keys": lambda: AuthenticatedClient(token=CANARY, api_key="another"),
    "Policy": lambda: Policy(api_key=CANARY, **BROKEN),
    "Policy.replace": lambda: Policy().replace(api_key=CANARY, **BROKEN),
    "CompatTransport": lambda: CompatTransport(api_key=CANARY, **BROKEN),
    "CompatTransport with a policy": lambda: CompatTransport(policy=Policy(), api_key=CANARY, **BROKEN),
    "AsyncCompatTransport": lambda: AsyncCompatTransport(api_key=CANARY, **BROKEN),
    "CompatAdapter": lambda: CompatAdapter(api_key=CANARY, **BROKEN),
    "install": lambda: install(api_key=CANARY, **BROKEN),
    "CompatClient": lambda: CompatClient(CANARY, **BROKEN),
    "AsyncCompatClient": lambda: AsyncCompatClient(CANARY, **BROKEN),
    "a key of AuthenticatedClient": lambda: AuthenticatedClient(token=f"{CANARY}\n"),
    "a key of Policy": lambda: Policy(api_key=f"{CANARY}\n"),
    "a key of CompatClient": lambda: CompatClient(f"{CANARY}\n"),
    "a key of install": lambda: install(api_key=f"{CANARY}\n"),
}


@pytest.mark.parametrize("make", CONSTRUCTORS)
def test_no_constructor_shows_the_key_that_it_was_given(make: str) -> None:
    with pytest.raises(ValueError, match=r"base_url|key") as caught:
        CONSTRUCTORS[make]()
    for name, reporter in REPORTERS.items():
        for frame, text in reporter(caught.value):
            assert CANARY not in text, f"{name}: {frame}"


@pytest.mark.parametrize(
    "make", [Policy.from_env, CompatClient, lambda: CompatTransport(), lambda: CompatTransport(policy=Policy())]
)
def test_nor_does_one_that_reads_the_key_from_the_environment(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIMMERSE_API_KEY", f"{CANARY}ü")
    with pytest.raises(ValueError, match="VIMMERSE_API_KEY") as caught:
        make()
    for reporter in REPORTERS.values():
        for frame, text in reporter(caught.value):
            assert CANARY not in text, frame


def test_a_field_that_can_not_be_sent() -> None:
    """CompatClient's request is made in a context manager, whose frame the error passes."""
    with CompatClient(CANARY, base_url="http://127.0.0.1:9") as client:
        calls: list[Callable[[], object]] = [
            lambda: client.create_media(prompt=object()),  # type: ignore[arg-type]  # on purpose
            lambda: client.get_media("a/b"),
        ]
        for broken in calls:
            with pytest.raises((TypeError, ValueError)) as caught:
                broken()
            for reporter in REPORTERS.values():
                for frame, text in reporter(caught.value):
                    assert CANARY not in text, frame


def main() -> None:
    """Return how many of the pairs failed, and in how many a reporter found the key."""
    tried = exposed = seen = 0
    with Emulator(transition=AT_ONCE) as service:
        for call, failure in PAIRS:
            error = ended(service, call, failure)
            if error is None:
                continue
            for reporter in REPORTERS.values():
                tried += 1
                shown = list(reporter(copy.copy(error) if error.__traceback__ is None else error))
                seen += len(shown)
                exposed += any(CANARY in text for _, text in shown)
    print(f"{len(CALLS)} entry points, {len(FAILURES)} failures, {len(REPORTERS)} reporters ({', '.join(REPORTERS)}):")
    print(f"{tried} reports, {seen} frames of ours, the key in {exposed}")


if __name__ == "__main__":
    main()
