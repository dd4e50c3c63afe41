"""The assertions of a row, for the core and for every entry point.

A player records what was sent as :class:`Sent`, and hands over what came back. Each check raises ``AssertionError``
with the row's name.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from tests.cases.rows import ABSENT, HOST, Case, File, Played, Step


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that was sent. ``kind`` and ``paid`` are known to the core only, not on the wire."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    upload: File | None = None
    kind: str | None = None
    paid: bool | None = None

    def header(self, name: str) -> str | None:
        """The first header of this name."""
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A warning and its subject."""

    kind: str
    operation: str
    field: str
    v2_field: str
    text: str


@dataclass(slots=True)
class Record:
    """Everything that happened while one row was played."""

    sent: list[Sent] = field(default_factory=list)
    notices: list[ShownNotice] = field(default_factory=list)
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    error: Exception | None = None


def upload_of(headers: Iterable[tuple[str, str]], body: bytes) -> File | None:
    """The one file of an encoded multipart form, or None for any other body."""
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    if not kind.startswith("multipart/form-data"):
        return None
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    parts = list(message.iter_parts())
    assert len(parts) == 1, f"{len(parts)} parts in an upload of one file"
    part = parts[0]
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    name = part.get_param("name", header="content-disposition")
    return File(str(name), part.get_filename() or "", content, part.get_content_type())


def faults(expected: Any, actual: Any, where: str = "response") -> list[str]:
    """List where ``actual`` differs from ``expected``. Objects may have additional fields; lists must match."""
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return [f"{where} is {actual!r}, not an object"]
        differences: list[str] = []
        for name, value in expected.items():
            if value is ABSENT:
                differences += [f"{where}.{name} is there: {actual[name]!r}"] if name in actual else []
            elif name not in actual:
                differences.append(f"{where}.{name} is missing")
            else:
                differences += faults(value, actual[name], f"{where}.{name}")
        return differences
    if isinstance(expected, list):
        if not isinstance(actual, list) or len(actual) != len(expected):
            return [f"{where} is {actual!r}, not {expected!r}"]
        return [
            fault
            for index, (one, other) in enumerate(zip(expected, actual, strict=True))
            for fault in faults(one, other, f"{where}[{index}]")
        ]
    if expected != actual or type(expected) is not type(actual):
        return [f"{where} is {actual!r}, not {expected!r}"]
    return []


def base_url(row: Case) -> str:
    """The base URL of the row's requests."""
    return str(row.policy.get("base_url", HOST)).rstrip("/")


def next_response(row: Case, count: int) -> Played:
    """Return the response to request number ``count``, counted from 0."""
    assert count < len(row.steps), f"{row.id}: request {count + 1} was sent, of {len(row.steps)}"
    return row.steps[count].response


def check_sent(row: Case, sent: Sequence[Sent]) -> None:
    """The right requests, in the right order, with the right bodies."""
    requests = [f"{one.method} {one.url}" for one in sent]
    expected = [f"{step.method} {_url(row, step)}" for step in row.steps]
    assert requests == expected, f"{row.id}: requests sent"
    for step, one in zip(row.steps, sent, strict=True):
        _check_one(row, step, one)


def _url(row: Case, step: Step) -> str:
    return step.target if step.kind == "file" else base_url(row) + step.target


def _check_one(row: Case, step: Step, one: Sent) -> None:
    where = f"{row.id}: {step.method} {step.target}"
    if one.kind is not None:
        assert one.kind == step.kind, where
    if one.paid is not None:
        assert one.paid == step.paid, f"{where}: paid"
    if step.kind in ("v1", "other") and step.method == row.call.method:
        headers, body = row.call.encoded()
        assert one.body == body, f"{where}: the caller's body was changed"
        assert one.header("content-type") == next((v for k, v in headers if k == "Content-Type"), None), where
    elif step.upload is not None:
        assert one.upload == step.upload, where
    elif step.body is None:
        assert one.body == b"", f"{where}: has a body"
    else:
        assert one.header("content-type") == "application/json", where
        body = json.loads(one.body)
        # By type too: v2 takes the number 3, not the text "3", and true is no 1.
        assert json.dumps(body, sort_keys=True) == json.dumps(step.body, sort_keys=True), where
    key = row.call.key or (row.policy.get("api_key") if step.kind != "other" else None)
    keys = [value for name, value in one.headers if name.lower() == "x-api-key"]
    assert keys == ([] if step.kind == "file" or key is None else [key]), f"{where}: key"


def check_response(row: Case, status: int, body: bytes) -> None:
    """What the caller gets."""
    assert status == row.status, f"{row.id}: status, with {body[:300]!r}"
    if row.content is not None:
        assert body == row.content, row.id
        return
    if row.exactly is not None:
        assert json.loads(body) == row.exactly, row.id
        return
    if row.gives is not None:
        assert faults(row.gives, json.loads(body)) == [], row.id
        return
    last = row.steps[-1]
    if last.kind != "v2":
        assert body == last.response.body, row.id
        return
    assert 200 <= row.status < 300, f"{row.id}: a row with an error status needs ``gives``"
    played = json.loads(last.response.body)
    assert json.loads(body)["data"].get("id") == played.get("id"), row.id


def check_notices(row: Case, notices: Sequence[ShownNotice]) -> None:
    """The warnings about fields, and one for a call that was translated."""
    fields = [
        (one.kind, one.field, one.v2_field)
        for one in notices
        if not (one.kind == "deprecated" and not one.field) and one.kind != "failed"
    ]
    # Whole-call warnings have no v2 field to compare. Some name the v1 field that is the reason.
    warnings = Counter((kind, "", "") if kind == "passthrough" else (kind, name, new) for kind, name, new in fields)
    assert warnings == Counter(row.warns), f"{row.id}: warnings"
    deprecations = [one for one in notices if one.kind == "deprecated" and not one.field]
    translated = any(step.kind == "v2" for step in row.steps) and not row.raises
    assert len(deprecations) == (1 if translated else 0) or row.raises, f"{row.id}: warnings about the call as a whole"
    for one in notices:
        assert one.operation in one.text, f"{row.id}: {one.text!r} does not name the call"
        if one.kind == "passthrough" and one.field:
            reason, name = one.text.partition(", because ")[2], one.field.rpartition(".")[2]
            assert name in reason, f"{row.id}: {one.text!r} is not about {one.field}"
        assert one.field.rpartition(".")[2] in one.text, f"{row.id}: {one.text!r} does not name {one.field}"
        assert one.v2_field in one.text, f"{row.id}: {one.text!r} does not name {one.v2_field}"
        assert "\n" not in one.text, f"{row.id}: a warning of several lines"


def check_failed(row: Case, record: Record) -> None:
    """A status or details response of a failed job warns once; no other response does."""
    failures = [one for one in record.notices if one.kind == "failed"]
    ended = False
    if row.call.method == "GET" and "/download" not in row.call.url and row.steps and row.steps[-1].kind == "v2":
        data = json.loads(record.body).get("data")
        job = data if isinstance(data, dict) else {}
        ended = job.get("status", job.get("processing_status")) in ("fail", "cancel")
    assert len(failures) == ended, f"{row.id}: {failures}"


def check_words(row: Case, texts: Iterable[str]) -> None:
    """The words that the warnings or the error must contain."""
    text = "\n".join(texts)
    for words in row.mentions:
        assert words.lower() in text.lower(), f"{row.id}: {words!r} is missing in:\n{text}"


def check_paid(row: Case, sent: Sequence[Sent]) -> None:
    """A motion is paid for at most once, and nothing is paid for after a rejection."""
    # a server that responds 404 or 405 has done nothing.
    charged = [
        index
        for index, (step, one) in enumerate(zip(row.steps, sent, strict=False))
        if one.paid and step.response.status not in (404, 405)
    ]
    assert len(charged) <= row.motions, f"{row.id}: {len(charged)} paid requests for {row.motions} motion(s)"
    refused = [index for index, step in enumerate(row.steps) if step.response.status in (400, 401, 402, 403, 422)]
    late = [index for index in charged if refused and index > refused[0]]
    assert not late, f"{row.id}: a paid request after a refusal"


def check(row: Case, record: Record) -> None:
    """All of the above."""
    if row.raises:
        assert record.error is not None, f"{row.id}: nothing was raised"
        names = {kind.__name__ for kind in type(record.error).__mro__}
        assert row.raises in names, f"{row.id}: {record.error!r} was raised"
        check_sent(row, record.sent)
        check_words(row, [str(record.error)])
    else:
        if record.error is not None:
            raise AssertionError(f"{row.id}: {record.error!r} was raised") from record.error
        check_sent(row, record.sent)
        check_response(row, record.status, record.body)
        check_notices(row, record.notices)
        check_failed(row, record)
        check_words(row, [one.text for one in record.notices])
    check_paid(row, record.sent)
