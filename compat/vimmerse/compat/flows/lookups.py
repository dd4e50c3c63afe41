"""Lookups: the free requests before and after a paid call by id, and the notice of a failed job.

* A paid call to which v2 returned ``404`` goes to v1 only if v2 does not know its id and v1 does. A lookup that fails
  counts as "v2 knows it": then nothing more is sent.
* With a credit limit, what a call's body leaves open is looked up before it is sent. A call that still can't be priced
  is rejected.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any, Literal
from urllib.parse import quote

from vimmerse.compat.core.messages import Notice, V2Request, V2Response
from vimmerse.compat.flows import responses
from vimmerse.compat.flows.context import CallContext, Flow, Json, is_success
from vimmerse.compat.rules.engine import Translation, show

CheckPrice = Callable[[Json], object]
LookUp = Generator[V2Request, V2Response, Json | V2Response]
_REASONS = ("error", "error_message", "failure_reason", "reason", "detail", "message")


def path_of(context: CallContext, id: str, *, version: str = "/v2") -> str:
    """Return the path of a story or media."""
    kind = "story" if "/story" in context.call.operation.path else "media"
    return f"{version}/{kind}/{quote(id, safe='', errors='replace')}"


def look_up(context: CallContext, id: str = "", query: str = "") -> LookUp:
    """Return the v2 story or media with this id, or the call's own, or the error response."""
    response = yield context.build_request("GET", path_of(context, id or context.call.id) + query, look_up=True)
    if not is_success(response):
        return response
    context.found_in_v2 = True
    return context.parse_object(response, paid=False)


def look_up_in_v1(context: CallContext) -> Generator[V2Request, V2Response, Json | None]:
    """Return v1's story or media with the call's id, or None if there is none, or if v1 does not respond."""
    path = path_of(context, context.call.id, version="")
    try:
        response = yield context.build_request("GET", path, look_up=True, kind="v1")
    except Exception:  # no response, so nothing is known
        return None
    if not is_success(response):
        return None
    try:
        job: Any = responses.parse(response.body)
    except (ValueError, RecursionError):
        return None
    for _ in range(2):  # v1's page shows two wrappers around a media, its live responses have one
        if isinstance(job, dict) and isinstance(job.get("data"), dict):
            job = job["data"]
    if not isinstance(job, dict) or ("data" in job and not isinstance(job["data"], dict)):
        return None  # for example {"data": null}
    return dict(job)


def look_up_in_either(context: CallContext) -> Generator[V2Request, V2Response, Json | None]:
    """Return the story or media with the call's id, of v2 or else of v1, or None."""
    job = yield from look_up(context)
    return (yield from look_up_in_v1(context)) if isinstance(job, V2Response) else job


def handle_not_found(
    context: CallContext, translation: Translation, response: V2Response, check_price: CheckPrice = lambda job: None
) -> Flow:
    """Return the response to a call for which v2 returned ``404``, and that may be paid in v1.

    ``check_price`` is called with v1's job before the call goes to v1. It raises if that would cost too much.
    """
    if context.found_in_v2 or not context.may_fall_back_to_v1 or (yield from _is_in_v2(context)):
        return context.error_response(response, translation)
    return (yield from handle_failed_look_up(context, translation, response, check_price))


def handle_failed_look_up(
    context: CallContext, translation: Translation, response: V2Response, check_price: CheckPrice
) -> Flow:
    """Do the same after a failed lookup of the id: here a ``404`` means that v2 does not know it."""
    if response.status == 404 and context.may_fall_back_to_v1:
        job = yield from look_up_in_v1(context)
        if job is not None:
            check_price(job)
            return (yield from context.fall_back_to_v1(paid=True))
    return context.error_response(response, translation)


def _is_in_v2(context: CallContext) -> Generator[V2Request, V2Response, bool]:
    try:
        response = yield context.build_request("GET", path_of(context, context.call.id), look_up=True)
    except Exception:  # there is no response: the first one counts
        return True
    return response.status != 404


def read_error(context: CallContext, response: V2Response) -> Flow:
    """Return the response to a free call for which v2 returned an error. After a ``404``, the call goes to v1."""
    if response.status == 404 and context.may_fall_back_to_v1:
        return (yield from context.fall_back_to_v1())
    return context.error_response(response)


def note_failure(
    context: CallContext, kind: Literal["story", "media"], jobs: Sequence[tuple[str, Json]], v1_status: object
) -> None:
    """Add the notice of a job that has failed or was cancelled, with v2's own words.

    ``jobs``: the v2 id and response of each job that the v1 id stands for.
    """
    field = "status" if kind == "story" else "processing_status"
    failures = []
    for id, job in jobs:
        status = job.get(field)
        if not isinstance(status, str) or responses.v1_media_status(status) not in ("fail", "cancel"):
            continue
        reason = next((job[name] for name in _REASONS if isinstance(job.get(name), str) and job[name]), None)
        because = f" ({show(reason)})" if reason is not None else ""
        failures.append((status, f"{id if id.isprintable() else ascii(id)} is {status!r}{because}"))
    if failures:
        operation, id = context.call.operation.v1, context.call.id
        words = "; ".join(text for _, text in failures)
        text = f"{operation}: this {kind} will not be finished: v2's {field} of {words}. v1 shows it as {v1_status!r}"
        context.add_notices([Notice("failed", operation, field, failures[0][0], "", None, text, f"{kind} {id}")])
