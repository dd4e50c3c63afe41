"""The conversations of v1's media operations.

Laws:

* At most one paid request a motion, and none is ever repeated: a ``405`` did nothing, so ``PATCH`` may follow it.
* An id, once created, is never lost: an error answer names it, and the loop that drives the conversation names it in
  whatever else ends the call.
* A composite id (``id1+id2``) is one v1 media over several v2 media; nothing is stored, the id says it all.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from vimmerse.compat.core import answers
from vimmerse.compat.core.engine import Draft
from vimmerse.compat.core.errors import MAY_EXIST, UpstreamError
from vimmerse.compat.core.messages import Notice, V1Response, V2Request, V2Response
from vimmerse.compat.core.prices import FREE, FREE_MEDIA_FIELDS, estimate_call
from vimmerse.compat.core.talk import Json, Steps, Talk, ok
from vimmerse.compat.core.uploads import upload

Found = Generator[V2Request, V2Response, Json | V2Response]
_CREATE = "POST /v2/media"
_UPDATE = "PUT /v2/media/{media_id}"


def members(id: str) -> list[str]:
    """The v2 ids of a v1 media id; nearly always the id itself."""
    return [part for part in id.split("+") if part] or [id]


# Create


def create(talk: Talk, made: Draft) -> Steps:
    """Upload, create once a motion, and set what only an update can set."""
    if made.images:
        urls, failed = yield from upload(talk, made)
        if failed is not None:
            return talk.fail(failed, made)
        for item, url in zip(made.body["media_items"], urls, strict=True):
            item["url"] = url
    created: list[Json] = []
    last = None
    for motion in made.motions or [{}]:
        last = yield talk.ask("POST", "/v2/media", {**made.body, **motion}, paid=True)
        if not ok(last):
            return talk.fail(last, made, _ids(created))
        found = talk.found(last, paid=True, job_ids=_ids(created))
        if not isinstance(found.get("id"), str):
            raise UpstreamError(
                f"{talk.call.operation.v1}: the server answered {last.status} without an id. {MAY_EXIST}",
                operation=talk.call.operation.v1,
                job_ids=tuple(_ids(created)),
            )
        created.append(found)
    assert last is not None  # there is at least one motion
    if made.then:
        for found in created:
            yield from _set_later(talk, made, found)
    if len(created) == 1:
        return talk.answer(last, answers.media(created[0]))
    return talk.answer(last, answers.merge_media(created, "+".join(_ids(created))))


def _ids(created: list[Json]) -> list[str]:
    return [found["id"] for found in created]


def _set_later(talk: Talk, made: Draft, found: Json) -> Generator[V2Request, V2Response, None]:
    """Set visibility and rating of a new media. Free and idempotent, so it may be tried twice.

    A failure here must not hide the id of a media that is paid for: it becomes a warning.
    """
    why = ""
    for _ in range(2):
        try:
            path = talk.call.v2_path() + f"/{answers.quoted(found['id'])}"
            response = yield talk.ask("PUT", path, made.then)
        except Exception as error:
            why = type(error).__name__
            continue
        why = f"the server answered {response.status}"
        if ok(response):
            try:
                # The id is that of the media that was paid for, whatever this answer calls it.
                found.update({**made.then, **talk.found(response, paid=False), "id": found["id"]})
            except UpstreamError:
                break
            return
        if response.status < 500 and response.status != 429:
            break
    wanted = ", ".join(f"{name}={value!r}" for name, value in made.then.items())
    operation = talk.call.operation.v1
    text = (
        f"{operation}: media {found['id']} was created, but {wanted} could not be set ({why}). "
        f"Set it with PUT /v2/media/{found['id']}; that is free."
    )
    name = next(iter(made.then))
    talk.say([Notice("lossy", operation, name, made.then[name], "", None, text)])


# Read


def look_up(talk: Talk, id: str, query: str = "") -> Found:
    """A media by its v2 id, or the answer that is none."""
    response = yield talk.ask("GET", f"/v2/media/{answers.quoted(id)}{query}")
    return talk.found(response, paid=False) if ok(response) else response


def look_up_all(talk: Talk, query: str = "") -> Generator[V2Request, V2Response, list[Json] | V2Response]:
    """All members of the call's id; a member that is not found makes the whole not found."""
    found: list[Json] = []
    for id in members(talk.call.id):
        one = yield from look_up(talk, id, query)
        if isinstance(one, V2Response):
            return one
        found.append(one)
    return found


def _failed(talk: Talk, response: V2Response) -> Steps:
    if response.status == 404 and talk.may_ask_v1:
        return (yield from talk.ask_v1())
    return talk.fail(response)


_FINE = V2Response(200)


def detail(talk: Talk, made: Draft) -> Steps:
    """GET /media/{id}."""
    fields = talk.call.query_fields().get("fields")
    query = f"?fields={answers.quoted(fields, safe=',')}" if isinstance(fields, str) and fields else ""
    if len(members(talk.call.id)) == 1:
        response = yield talk.ask("GET", talk.call.v2_path() + query)
        if not ok(response):
            return (yield from _failed(talk, response))
        return _twice(talk, response, answers.media(talk.found(response, paid=False), whole=not query))
    found = yield from look_up_all(talk)
    if isinstance(found, V2Response):
        return talk.fail(found)
    return _twice(talk, _FINE, answers.merge_media(found, talk.call.id))


def _twice(talk: Talk, response: V2Response, shown: Json) -> V1Response:
    # v1's page shows {"data": {"data": {...}}}, its live answers wrap once: both ways to read it must work.
    return talk.answer(response, {**shown, "data": shown})


def status(talk: Talk, made: Draft) -> Steps:
    """GET /media/{id}/processing-status."""
    found = yield from look_up_all(talk, "?fields=processing_status")
    if isinstance(found, V2Response):
        return (yield from _failed(talk, found))
    return talk.answer(_FINE, answers.media_status(found[0]) if len(found) == 1 else answers.merge_status(found))


# Change


def update(talk: Talk, made: Draft) -> Steps:
    """PUT /media/{id}/edit: exactly what the caller gave, to every member."""
    ids = members(talk.call.id)
    paid = not FREE_MEDIA_FIELDS.issuperset(made.body)
    if len(ids) > 1 and paid:
        # Nothing may be charged for a media one of whose members is gone.
        known = yield from look_up_all(talk, "?fields=id")
        if isinstance(known, V2Response):
            return talk.fail(known, made)
        talk.check_price(sum((estimate_call(_UPDATE, made.body) for _ in ids), start=FREE))
    return (yield from _put_all(talk, made, [(id, made.body) for id in ids], paid=paid))


def process(talk: Talk, made: Draft) -> Steps:
    """POST /media/{id}/process: what the media was made of, sent again. Paid, as in v1."""
    found = yield from look_up_all(talk)
    if isinstance(found, V2Response):
        if found.status == 404:
            talk.check_price(talk.UNKNOWN)
        return (yield from _failed(talk, found))
    bodies = [_again(media) for media in found]
    if not all(bodies):
        talk.check_price(talk.UNKNOWN)
        return (yield from talk.pass_on("v2 does not tell what the media was made of", paid=True))
    talk.check_price(sum((estimate_call(_UPDATE, body) for body in bodies), start=FREE))
    return (yield from _put_all(talk, made, list(zip(members(talk.call.id), bodies, strict=True)), paid=True))


_AGAIN = (
    ("motion_type", "video_tool"),
    ("prompt", "prompt"),
    ("quantity", "quantity"),
    ("motion_length", "duration"),
    ("loop", "loop"),
)


def _again(media: Json) -> Json:
    preset = media.get("pose_preset")
    if not isinstance(preset, dict):
        return {}
    return {to: preset[name] for name, to in _AGAIN if preset.get(name) is not None}


def _put_all(talk: Talk, made: Draft, updates: list[tuple[str, Json]], *, paid: bool) -> Steps:
    changed: list[Json] = []
    last = _FINE
    for id, body in updates:
        done = [one for one, _ in updates[: len(changed)]] if paid else []
        path = f"/v2/media/{answers.quoted(id)}"
        last = yield talk.ask("PUT", path, body, paid=paid)
        if last.status == 405:  # nothing happened: the vendor's page names no verb, and this was the wrong one
            last = yield talk.ask("PATCH", path, body, paid=paid)
        if not ok(last):
            if not changed and last.status == 404:
                return (yield from _failed(talk, last))
            return talk.fail(last, made, done)
        changed.append(talk.found(last, paid=paid, job_ids=done))
    if len(changed) == 1:
        shown: Any = answers.media(changed[0])
    else:
        shown = answers.merge_media(changed, talk.call.id)
    if talk.call.operation.method == "PUT":
        return _twice(talk, last, shown)
    return talk.answer(last, shown)
