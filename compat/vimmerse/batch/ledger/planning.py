"""Putting jobs into a batch: all of them, or none."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from sqlalchemy import Connection, func, insert, select
from vimmerse.batch.errors import KeyConflictError
from vimmerse.batch.ledger.database import Database
from vimmerse.batch.ledger.rows import Rows, new_token, storable, to_record
from vimmerse.batch.ledger.schema import jobs
from vimmerse.batch.operations import kind_of
from vimmerse.batch.records import JobRecord, PlannedJob, PlanResult, body_hash, canonical
from vimmerse.batch.states import UNPAID, State
from vimmerse.pricing import estimate_call

#: Characters of a key, or of a batch's name.
MAX_NAME = 200
_CHUNK = 500  # rows in one statement
_MAX_SHOWN = 20  # keys in a message


def plan(
    database: Database,
    batch: str,
    planned: Iterable[PlannedJob],
    *,
    now: float,
    replace_unpaid: bool = False,
    synced: bool = True,
) -> PlanResult:
    """Do what ``Ledger.plan`` promises, in one transaction. ``synced``: whether to wait for the disk."""
    added = known = replaced = 0
    released = 0.0
    conflicts: dict[str, None] = {}
    remaining = iter(planned)
    with database.write(synced=synced) as connection:
        database.lock(connection, f"plan {batch}")
        rows = Rows(connection, batch, now, database.name)
        number = _last_number(connection, batch)
        while chunk := list(islice(remaining, _CHUNK)):
            new: dict[str, dict[str, Any]] = {}
            for job in chunk:
                number += 1
                row = _new_row(batch, job, number, now)
                first = new.setdefault(job.key, row)
                if not _is_same(first["operation"], first["body_hash"], row):
                    conflicts[job.key] = None
            there = select(jobs).where(jobs.c.batch == batch, jobs.c.key.in_(new))
            for old in map(to_record, connection.execute(there.with_for_update() if replace_unpaid else there)):
                row = new.pop(old.key)
                if _is_same(old.operation, old.body_hash, row):
                    known += 1
                elif replace_unpaid and old.state in UNPAID:
                    _replace(rows, old, row)
                    released += old.booked
                    replaced += 1
                else:
                    conflicts[old.key] = None
            if new:
                connection.execute(insert(jobs), list(new.values()))
                added += len(new)
        if conflicts:
            raise _conflict(list(conflicts))
        if released:
            rows.add_committed(-released)  # the row of the batch after those of all jobs
    return PlanResult(added, known, replaced)


def _last_number(connection: Connection, batch: str) -> int:
    return connection.execute(select(func.max(jobs.c.number)).where(jobs.c.batch == batch)).scalar() or 0


def _new_row(batch: str, job: PlannedJob, number: int, now: float) -> dict[str, Any]:
    check_name("the key", job.key)
    check_credits(f"the estimate of {job.key!r}", job.estimate)
    text = canonical(job.body)
    estimate = float(job.estimate)
    if not estimate and kind_of(job.operation) is not None:
        estimate = estimate_call(job.operation, json.loads(text)).credits
    return {
        **dict.fromkeys(("reserved_at", "sent_at", "accepted_at", "ended_at")),
        **dict.fromkeys(("job_id", "owner", "status", "error"), ""),
        **dict.fromkeys(("earlier_ids", "result", "files"), "[]"),
        **dict.fromkeys(("booked", "spent"), 0.0),
        "batch": batch,
        "key": job.key,
        "number": job.number or number,
        "place": storable(job.place),
        "operation": job.operation,
        "body": text,
        "body_hash": body_hash(text),
        "images": json.dumps(job.images),
        "state": State.PLANNED,
        "attempts": 0,
        "estimate": estimate,
        "token": new_token(),
        "transient": False,
        "created_at": now,
    }


def _is_same(operation: str, body_hash: str, row: Mapping[str, Any]) -> bool:
    """Return whether a row is of the same call as another. An operation that is not known may be any."""
    return body_hash == row["body_hash"] and len({operation, row["operation"]} - {""}) <= 1


def _replace(rows: Rows, job: JobRecord, row: dict[str, Any]) -> None:
    """Give a job that was not paid another body. Its attempts stay. The caller releases its booking.

    Its webhooks get a new secret: a late one is about a job with the old body.
    """
    rows.plan_again(replace(job, booked=0.0))
    names = ("number", "place", "operation", "body", "body_hash", "images", "estimate", "booked", "token")
    rows.update(row["key"], **{name: row[name] for name in names})


def _conflict(keys: list[str]) -> KeyConflictError:
    shown = ", ".join(map(repr, keys[:_MAX_SHOWN])) + (", ..." if len(keys) > _MAX_SHOWN else "")
    count = "1 key is" if len(keys) == 1 else f"{len(keys)} keys are"
    text = f"{count} there with another body: {shown}. Nothing was changed. Use new keys for new jobs."
    return KeyConflictError(text, tuple(keys))


def check_name(what: str, name: object) -> None:
    """Raise ``ValueError`` unless a key or a batch's name can be stored and shown."""
    if not isinstance(name, str) or not 1 <= len(name) <= MAX_NAME or not name.isprintable():
        raise ValueError(f"{what} is {name!r:.80}; it must be text of 1 to {MAX_NAME} printable characters")


def check_credits(what: str, credits: object) -> None:
    """Raise ``ValueError`` unless this is a number of credits."""
    if isinstance(credits, bool) or not isinstance(credits, int | float) or not 0 <= credits < math.inf:
        raise ValueError(f"{what} is {credits!r}; it must be a number of credits, 0 or more")
