"""Plays a row of the case table through the core alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from vimmerse.compat.core.messages import Body, Multipart, Notice, V1Request, V1Response, V2Request, V2Response
from vimmerse.compat.core.policy import Policy

from tests.cases.check import Record, Sent, ShownNotice, next_response
from tests.cases.flow import start_flow
from tests.cases.rows import Case, File, Played


@dataclass(frozen=True)
class Pieces:
    """A stored body that comes in pieces of a size of its own."""

    content: bytes
    piece: int = 7

    @property
    def size(self) -> int:
        return len(self.content)

    def chunks(self) -> Iterator[bytes]:
        for start in range(0, len(self.content), self.piece):
            yield self.content[start : start + self.piece]

    def part(self, start: int, size: int) -> Pieces:
        assert 0 <= start <= start + size <= self.size
        return Pieces(self.content[start : start + size], self.piece)


def read(body: Body) -> bytes:
    """A body's bytes."""
    return body if isinstance(body, bytes) else b"".join(body.chunks())


def as_sent(request: V2Request) -> Sent:
    """A request of the core as the table's checks take it."""
    body, upload = b"", None
    if isinstance(request.body, Multipart):
        (part,) = request.body.parts
        upload = File(part.name, part.filename, read(part.content), part.content_type)
    else:
        body = read(request.body)
    return Sent(request.method, request.url, tuple(request.headers), body, upload, request.kind, request.paid)


def as_shown_notice(notice: Notice) -> ShownNotice:
    """A notice as the table's checks take it."""
    return ShownNotice(notice.kind, notice.operation, notice.field, notice.v2_field, str(notice))


def request_of(row: Case, pieces: int = 0) -> V1Request:
    """The row's call, with its body stored in pieces of this many bytes, or in one piece."""
    headers, body = row.call.encoded()
    return V1Request(row.call.method, row.call.url, headers, Pieces(body, pieces) if pieces else body)


def policy_of(row: Case, **more: Any) -> Policy:
    """The row's policy."""
    return Policy(**{**row.policy, **more})


def run_flow(request: V1Request, policy: Policy, respond: Callable[[V2Request, int], Played]) -> Record:
    """Run a flow against a server: a function of the request and its number, from 0.

    What the core raises is recorded.
    """
    record = Record()
    streamed: Played | None = None
    try:
        flow = start_flow(request, policy)
        v2_request = next(flow)
        while True:
            record.sent.append(as_sent(v2_request))
            record.notices += map(as_shown_notice, v2_request.notices)
            played = respond(v2_request, len(record.sent) - 1)
            streamed = played if v2_request.stream else None
            headers = (("Content-Type", played.content_type), *played.headers)
            v2_request = flow.send(V2Response(played.status, headers, played.body, streamed))
    except StopIteration as end:
        response: V1Response = end.value
        record.status, record.headers, record.body = response.status, tuple(response.headers), response.body
        record.notices += map(as_shown_notice, response.notices)
        if isinstance(response.native, Played):
            record.body = response.native.body
    except AssertionError:
        raise
    except Exception as error:
        record.error = error
    return record


def play(row: Case, pieces: int = 0) -> Record:
    """Run the flow of a row."""
    return run_flow(request_of(row, pieces), policy_of(row), lambda v2_request, number: next_response(row, number))
