"""Every fault through every entry point, with a paid and a free call: its outcome, one job at most, no repetition."""

from __future__ import annotations

import socket
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import httpx
import pytest
from vimmerse.compat import V1DeprecationWarning
from vimmerse.emulator import AT_ONCE, Emulator

from tests.faults import entry_points
from tests.faults.entry_points import ENTRY_POINTS, HEADERS, KEY, Seen, through_gateway
from tests.faults.faults import BY_NAME, CALLS, FAULTS, broken, unknown_host
from tests.faults.outcomes import COLUMNS, OUTCOMES
from tests.sampling import sampled

pytestmark = pytest.mark.slow

CREATED = "may have been created"


@dataclass
class Played:
    """A cell of the matrix: the outcome, its details, and what reached the server."""

    outcome: str
    seen: Seen
    arrived: int
    jobs: int
    elsewhere: int


Play = Callable[[str, str, str], Played]


@pytest.fixture(scope="module")
def play() -> Iterator[Play]:
    """Plays each cell once, however many tests use it."""
    known: dict[tuple[str, str, str], Played] = {}

    def play_once(entry_point: str, fault: str, call: str) -> Played:
        if (entry_point, fault, call) not in known:
            known[entry_point, fault, call] = _play(emulator, entry_point, fault, call)
        return known[entry_point, fault, call]

    with (
        Emulator(transition=AT_ONCE) as emulator,
        through_gateway(emulator.base_url) as url,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setitem(entry_points.gateways, emulator.base_url, url)
        patch.setattr(socket, "getaddrinfo", unknown_host(socket.getaddrinfo))
        yield play_once


def _play(emulator: Emulator, entry_point: str, fault: str, call: str) -> Played:
    emulator.reset()
    id = httpx.post(f"{emulator.base_url}/v2/media", json={"prompt": "x"}, headers=HEADERS).json()["id"]
    before = len(emulator.requests), len(emulator.jobs)
    entry_points.last.__init__()  # type: ignore[misc]  # nothing of the call before
    with broken(emulator, BY_NAME[fault], call) as base_url, warnings.catch_warnings():
        warnings.simplefilter("ignore", V1DeprecationWarning)  # they are tested elsewhere
        outcome = ENTRY_POINTS[entry_point](base_url, call, id)
    return Played(
        outcome,
        replace(entry_points.last),
        len(emulator.requests) - before[0],
        len(emulator.jobs) - before[1],
        len(emulator.file_requests),
    )


#: A free call creates nothing, so whether it was carried out before the connection failed makes no difference.
CELLS = [(fault, call) for fault in BY_NAME for call in CALLS if call == "paid" or not fault.endswith("_accepted")]


#: Where nobody can tell whether a paid call was carried out.
NO_RESPONSE = [name for name, row in OUTCOMES.items() if row.retry == "check" and row.httpx.startswith("httpx.")]


@pytest.mark.parametrize(
    ("entry_point", "fault", "call"),
    [
        one
        for row, entry_point in enumerate(ENTRY_POINTS)
        for one in sampled(((entry_point, *cell) for cell in CELLS), 3, row=row)
    ],
)
def test_outcome(play: Play, entry_point: str, fault: str, call: str) -> None:
    played, row = play(entry_point, fault, call), OUTCOMES[fault]
    assert played.outcome == row.of(entry_point)
    assert played.arrived == row.arrived
    assert played.jobs == (row.jobs if call == "paid" else 0)
    assert played.elsewhere == 0  # where the redirect leads to
    error = played.seen.error
    if error is not None:
        assert KEY not in "".join(traceback.format_exception(error)) + repr(error)


def test_every_fault_and_every_entry_point_is_in_the_table() -> None:
    assert list(OUTCOMES) == [fault.name for fault in FAULTS]
    assert [entry_point for column in COLUMNS.values() for entry_point in column] == list(ENTRY_POINTS)


V1_ENTRY_POINTS = [entry_point for column in ("httpx", "requests", "CompatClient") for entry_point in COLUMNS[column]]


@pytest.mark.parametrize("fault", [name for name, row in OUTCOMES.items() if row.gateway != "ok"])
def test_the_gateway_reports_whether_a_paid_job_may_exist(play: Play, fault: str) -> None:
    body, row = play("gateway", fault, "paid").seen.body, OUTCOMES[fault]
    ours = not row.v2.startswith("ServerError")  # otherwise it is the server's own response
    assert (CREATED in body["detail"]) == (ours and row.retry == "check")
    assert ("The request was not sent." in body["detail"]) == (row.arrived == 0)


@pytest.mark.parametrize("fault", [name for name, row in OUTCOMES.items() if row.httpx == "UpstreamError 502"])
@pytest.mark.parametrize("entry_point", V1_ENTRY_POINTS)
def test_an_unreadable_response_to_a_paid_call_reports_that_the_job_may_exist(
    play: Play, entry_point: str, fault: str
) -> None:
    assert CREATED in str(play(entry_point, fault, "paid").seen.error)
    assert CREATED not in str(play(entry_point, fault, "free").seen.error)


@pytest.mark.parametrize(
    ("entry_point", "fault"),
    [
        one
        for row, entry_point in enumerate(V1_ENTRY_POINTS)
        for one in sampled(((entry_point, fault) for fault in NO_RESPONSE), 2, row=row)
    ],
)
def test_no_response_to_a_paid_call_reports_that_the_job_may_exist(play: Play, entry_point: str, fault: str) -> None:
    def notes(call: str) -> str:
        return " ".join(getattr(play(entry_point, fault, call).seen.error, "__notes__", ()))

    assert CREATED in notes("paid")
    assert CREATED not in notes("free")


@pytest.mark.parametrize("fault", [name for name, row in OUTCOMES.items() if row.arrived == 0])
@pytest.mark.parametrize("entry_point", V1_ENTRY_POINTS)
def test_an_unsent_call_does_not_report_that_the_job_may_exist(play: Play, entry_point: str, fault: str) -> None:
    assert not getattr(play(entry_point, fault, "paid").seen.error, "__notes__", ())


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "entry_point", [entry_point for entry_point in ENTRY_POINTS if entry_point not in ("command line", "vimmerse run")]
)
def test_retry_after_reaches_the_caller(play: Play, entry_point: str, call: str) -> None:
    assert play(entry_point, "429_after", call).seen.headers["retry-after"] == "1"


@pytest.mark.parametrize("fault", OUTCOMES)
def test_the_command_line_reports_whether_a_paid_job_may_exist(play: Play, fault: str) -> None:
    text, row = play("command line", fault, "paid").seen.text, OUTCOMES[fault]
    assert ("It may have been carried out and charged" in text) == (
        row.command_line != "exit 0" and row.retry == "check"
    )
