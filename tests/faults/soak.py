"""Mixed traffic with faults, for as long as required: through the gateway and through the async transport at once.

    python -m tests.faults.soak --minutes 10        (scripts/soak)

It goes in rounds. After each, the server's records show the outcome of every call: each paid call carries a mark of
its own, so one that was lost or sent twice shows. Between the rounds nothing may be left: no connection, no file, no
task, and in the long run no memory.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import random
import sys
import time
import warnings
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from vimmerse.compat import AsyncCompatTransport, Policy, TranslationError
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.compat.gateway.upstream import NOT_SENT
from vimmerse.emulator import AT_ONCE, Emulator, RecordedRequest

from tests.gateway.serving import Running, serving

HEADERS = {"X-Api-Key": "key-of-the-soak-0123456789"}
TIMEOUT = 0.3  # seconds of silence; a hanging response takes as long
WORKERS = 8
#: What goes wrong, how often among a hundred requests, and whether the request is carried out all the same.
FAULTS: tuple[tuple[str, int, bool, dict[str, Any]], ...] = (
    ("reset", 3, False, {}),
    ("reset_accepted", 3, True, {}),
    ("cut", 3, True, {}),
    ("hang", 1, False, {}),
    ("hang_accepted", 1, True, {}),
    ("slow", 2, True, {"chunk": 64, "interval": 0.001}),
    ("rate_limit", 4, False, {"retry_after": 1}),
    ("html", 3, False, {}),
    ("unknown_status", 2, False, {}),
    ("truncated", 2, True, {}),
    ("null", 2, False, {}),
    ("redirect", 1, False, {}),
)
ACCEPTED = {"", *(kind for kind, _, accepted, _ in FAULTS if accepted)}
#: Ends after which a paid call has surely not arrived: connections that never were, on a busy machine. (Where an image
#: is uploaded first, any failure may be that of the upload, before anything paid.)
UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
IMAGE = ("a.png", b"\x89PNG" + bytes(300_000), "image/png")  # large enough to be sent in pieces
_PAID = (("POST", "/v2/media"), ("POST", "/v2/story/idea-2-video"))


@dataclass
class Round:
    """The requests of one round, as counted by the callers."""

    requested: set[str] = field(default_factory=set)  # the marks of paid calls
    unsent: set[str] = field(default_factory=set)  # of those that, by their ends, need not have arrived
    ids: list[str] = field(default_factory=list)  # of successful calls
    ends: Counter[str] = field(default_factory=Counter)
    free: int = 0


@dataclass(frozen=True)
class Left:
    """The open files, tasks and memory of a process between two rounds."""

    files: int
    tasks: int
    resident: int  # bytes

    @classmethod
    def now(cls, tasks: int) -> Left:
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return cls(len(os.listdir("/proc/self/fd")), tasks, pages * os.sysconf("SC_PAGE_SIZE"))


class Caller:
    """A v1 program that makes calls through one of the entry points."""

    def __init__(self, client: httpx.AsyncClient, chance: random.Random, round: Round, name: str) -> None:
        self._client = client
        self._chance = chance
        self._round = round
        self._name = name
        self._ids: list[str] = []
        self._number = 0
        self._last = ""
        self._calls: list[tuple[int, Callable[[], Awaitable[httpx.Response]]]] = [
            (4, self._media),
            (3, self._story),
            (1, self._upload),
            (4, self._poll),
            (3, self._status),
            (2, self._edit),
            (2, self._download),
            (1, self._elsewhere),
        ]

    async def call(self) -> None:
        """Make one call, which may succeed or fail."""
        weights = [weight for weight, _ in self._calls]
        (chosen,) = self._chance.choices([make for _, make in self._calls], weights)
        self._last = ""
        try:
            response = await chosen()
        except (httpx.HTTPError, TranslationError) as error:
            self._round.ends[type(error).__name__] += 1
            if self._last and (chosen == self._upload or isinstance(error, UNSENT)):
                self._round.unsent.add(self._last)
            return
        self._round.ends[str(response.status_code)] += 1
        if self._last and response.status_code != 200 and (chosen == self._upload or NOT_SENT in response.text):
            self._round.unsent.add(self._last)
        if response.status_code == 200 and chosen in (self._media, self._story, self._upload):
            id = response.json()["data"]["id"]
            self._round.ids.append(id)
            if chosen is not self._story:
                self._ids.append(id)

    def _mark(self) -> str:
        self._number += 1
        mark = f"{self._name}-{self._number}"
        self._round.requested.add(mark)
        self._last = mark
        return mark

    def _id(self) -> str:
        self._round.free += 1
        return self._chance.choice(self._ids) if self._ids else "none"

    async def _media(self) -> httpx.Response:
        return await self._client.post("/media", data={"prompt": self._mark(), "motion_type": "KlingAI"})

    async def _story(self) -> httpx.Response:
        return await self._client.post("/story/idea-2-video", data={"idea": self._mark(), "scene_count": "1"})

    async def _upload(self) -> httpx.Response:
        data = {"prompt": self._mark(), "motion_type": "Auto"}
        return await self._client.post("/media", data=data, files={"image_files": IMAGE})

    async def _poll(self) -> httpx.Response:
        return await self._client.get(f"/media/{self._id()}")

    async def _status(self) -> httpx.Response:
        return await self._client.get(f"/media/{self._id()}/processing-status")

    async def _edit(self) -> httpx.Response:
        return await self._client.put(f"/media/{self._id()}/edit", data={"title": "A title"})

    async def _download(self) -> httpx.Response:
        return await self._client.get(f"/media/{self._id()}/download")

    async def _elsewhere(self) -> httpx.Response:
        self._round.free += 1
        return await self._client.get("/v2/story/none")


class Soak:
    """Rounds of traffic over one emulator, one gateway and one pool of connections."""

    def __init__(self, emulator: Emulator, gateway: Running, seed: int) -> None:
        self._emulator = emulator
        self._gateway = gateway
        self._chance = random.Random(seed)
        self._number = 0

    async def play(self, clients: list[httpx.AsyncClient], calls: int) -> Round:
        """A round of ``calls`` calls by every worker, checked against the server's records."""
        self._emulator.reset()
        self._gateway.access_log.clear()
        self._number += 1
        current = Round()
        total = WORKERS * calls
        for kind, often, _, options in FAULTS:
            for _ in range(max(1, total * often // 100)):
                # Each waits for its turn somewhere in the round.
                self._emulator.faults.add(
                    ("*", "/v2/*"),
                    kind,  # type: ignore[arg-type]  # of the table above
                    after=self._chance.randrange(total),
                    **options,
                )

        async def work(number: int) -> None:
            caller = Caller(clients[number % len(clients)], random.Random(self._chance.random()), current, f"c{number}")
            for _ in range(calls):
                await caller.call()

        await asyncio.gather(*(work(number) for number in range(WORKERS)))
        await self._settled()
        self._check(current)
        return current

    async def _settled(self) -> None:
        """Wait until the gateway has completed its last call."""
        while not self._gateway.is_idle():  # noqa: ASYNC110  # it runs in another thread's loop
            await asyncio.sleep(0.01)

    def _check(self, current: Round) -> None:
        arrived = [request for request in self._emulator.requests if (request.method, request.path) in _PAID]
        marks = Counter(map(_mark_of, arrived))
        duplicates = {mark for mark, count in marks.items() if count > 1}
        assert not duplicates, f"sent more than once: {sorted(duplicates)}"
        lost = current.requested - set(marks) - current.unsent
        assert not lost, f"never arrived, and the caller was not notified: {sorted(lost)}"
        assert set(marks) <= current.requested
        carried_out = [request for request in arrived if request.fault in ACCEPTED]
        assert len(self._emulator.jobs) == len(carried_out), "jobs created differ from jobs requested"
        assert len(set(current.ids)) == len(current.ids), "two calls returned the same job"


def _mark_of(request: RecordedRequest) -> str:
    body: Any = request.json
    return str(body.get("idea") or body.get("prompt"))


async def soak(
    emulator: Emulator,
    gateway: Running,
    *,
    rounds: int,
    calls: int,
    seconds: float,
    seed: int,
    report: Callable[[str], object],
) -> list[Left]:
    """Play until both ``rounds`` and ``seconds`` are over; what was left after each round."""
    running = Soak(emulator, gateway, seed)
    limits = httpx.Limits(max_connections=WORKERS, max_keepalive_connections=0)
    left: list[Left] = []
    started = time.monotonic()
    total: Counter[str] = Counter()
    jobs = requested = 0
    while len(left) < rounds or time.monotonic() - started < seconds:
        # Clients of their own each round, so that nothing is open between two.
        async with (
            httpx.AsyncClient(base_url=gateway.base_url, headers=HEADERS, timeout=20, limits=limits) as through,
            httpx.AsyncClient(
                base_url=emulator.base_url,
                headers=HEADERS,
                timeout=TIMEOUT,
                transport=AsyncCompatTransport(
                    httpx.AsyncHTTPTransport(limits=limits), Policy(base_url=emulator.base_url)
                ),
            ) as direct,
        ):
            current = await running.play([through, direct], calls)
        total += current.ends
        jobs += len(emulator.jobs)
        requested += len(current.requested)
        with suppress(TimeoutError):
            async with asyncio.timeout(1):
                while len(asyncio.all_tasks()) > 1:  # noqa: ASYNC110  # whosever they are, they should end
                    await asyncio.sleep(0.01)
        left.append(Left.now(len(asyncio.all_tasks())))
        report(
            f"round {len(left)}: {requested} paid calls, {jobs} jobs, none lost or duplicated; "
            f"{left[-1].files} open files, {left[-1].resident / 2**20:.0f} MiB"
        )
    report(f"{sum(total.values())} calls: {dict(total.most_common())}")
    return left


def check_flat(left: list[Left], tolerance: int) -> None:
    """Files and tasks as after the first round; memory within ``tolerance`` bytes of what it was when warm."""
    warm = left[min(2, len(left) - 1)]
    assert max(each.files for each in left) <= left[0].files + 2, [each.files for each in left]
    assert {each.tasks for each in left} == {1}
    assert left[-1].resident - warm.resident <= tolerance, [each.resident for each in left]


def main() -> int:
    """Run for some minutes and return the exit status."""
    parser = argparse.ArgumentParser(prog="scripts/soak", description="Mixed traffic with faults; see the module.")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    for name in ("vimmerse.gateway", "uvicorn"):  # they log each broken connection
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with Emulator(transition=AT_ONCE) as emulator:
        policy = Policy(base_url=emulator.base_url)
        config = GatewayConfig(read_timeout=TIMEOUT, keepalive_expiry=0.0)
        with serving(policy, config) as gateway:
            left = asyncio.run(
                soak(
                    emulator,
                    gateway,
                    rounds=5,
                    calls=100,
                    seconds=60 * options.minutes,
                    seed=options.seed,
                    report=lambda text: print(text, flush=True),
                )
            )
        print("the gateway has stopped cleanly")
    check_flat(left, 16 * 2**20)
    print("files, tasks and memory are flat")
    return 0


if __name__ == "__main__":
    sys.exit(main())
