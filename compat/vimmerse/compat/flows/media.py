"""The conversations of v1's media operations.

Laws:

* At most one paid request a motion, and none is ever repeated: a ``405`` did nothing, so ``PATCH`` may follow it.
* An id, once created, is never lost: an error answer names it, and the loop that drives the conversation names it in
  whatever else ends the call.
* A composite id (``id1+id2``) is one v1 media over several v2 media; nothing is stored, the id says it all. It has
  at most ``MEMBERS`` members, each once: one call of the caller's must not become any number of ours.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from vimmerse.compat.core.errors import MAY_EXIST, UpstreamError
from vimmerse.compat.core.messages import Notice, V1Response, V2Request, V2Response
from vimmerse.compat.flows import responses as answers
from vimmerse.compat.flows.context import Json, Steps, Talk, ok
from vimmerse.compat.flows.credit_limit import as_v1
from vimmerse.compat.flows.field_selection import chosen, sources, wanted
from vimmerse.compat.flows.lookups import look_up, not_found, of_v1, path_of, unknown
from vimmerse.compat.flows.story import failure
from vimmerse.compat.flows.uploads import upload
from vimmerse.compat.rules.engine import Draft, shorten
from vimmerse.pricing import FREE, FREE_MEDIA_FIELDS, UPDATE, again, estimate_call

#: Motions that one v1 media may have, and so the members of a composite id.
MEMBERS = 16


def members(id: str) -> list[str]:
    """The v2 ids of a v1 media id; nearly always the id itself."""
    return [part for part in id.split("+") if part] or [id]


def refused(talk: Talk, made: Draft | None = None) -> V1Response | None:
    """The 400 to a composite id, or a list of motions, that one media can't have; None for any other."""
    if made is not None:
        if len(made.motions) > MEMBERS:
            return talk.refuse(
                400, "BAD_REQUEST", f"pose_preset has {len(made.motions)} motions; one media takes {MEMBERS}."
            )
        return None
    if "+" not in talk.call.id or not talk.call.operation.path.startswith("/media/"):
        return None
    ids = members(talk.call.id)
    if len(ids) > MEMBERS:
        return talk.refuse(400, "BAD_REQUEST", f"The media's id has {len(ids)} members; there are {MEMBERS} at most.")
    if len(set(map(_same, ids))) < len(ids):
        return talk.refuse(400, "BAD_REQUEST", "The media's id has the same member twice.")
    return None


def _same(id: str) -> str:
    """What the spellings of one id have in common: a server that reads UUIDs takes capitals, and no hyphens, too."""
    return id.strip().casefold().replace("-", "").strip("{}")


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
    for index, motion in enumerate(made.motions or [{}]):
        last = yield talk.ask("POST", "/v2/media", {**made.body, **motion}, paid=True)
        if not ok(last):
            if made.motions:
                made.origins.update(made.motion_origins[index])
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
        return talk.answer(last, answers.media(created[0], listed=bool(made.motions)))
    hook = made.body.get("webhook_url")
    if hook:
        talk.say([_posts(talk, hook, _ids(created))])
    return talk.answer(last, answers.merge_media(created, "+".join(_ids(created))))


def _ids(created: list[Json]) -> list[str]:
    return [found["id"] for found in created]


def _posts(talk: Talk, hook: object, ids: list[str]) -> Notice:
    text = (
        f"{talk.call.operation.v1}: webhook_url: v2 makes {len(ids)} media of this one, and each posts to the address "
        f"by itself, under its own id: {', '.join(ids)}"
    )
    return Notice("deprecated", talk.call.operation.v1, "webhook_url", shorten(hook), "webhook_url", None, text)


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
    asked = wanted(talk.call.query_fields().every("fields"))
    query = f"?fields={answers.quoted(','.join(sources(asked)), safe=',')}" if asked else ""
    ids = members(talk.call.id)
    if len(ids) == 1:
        response = yield talk.ask("GET", talk.call.v2_path() + query)
        if not ok(response):
            return (yield from _failed(talk, response))
        found = [talk.found(response, paid=False)]
        shown = answers.media(found[0])
    else:
        several = yield from look_up_all(talk)
        if isinstance(several, V2Response):
            return talk.fail(several)
        found, response = several, _FINE
        shown = answers.merge_media(found, talk.call.id)
    _tell_failure(talk, found, shown.get("processing_status"))
    if asked and len(ids) > 1:  # the members were read whole
        return _twice(talk, response, {name: shown[name] for name in asked if name in shown})
    return _twice(talk, response, chosen(shown, found[0], asked) if asked else shown)


def _tell_failure(talk: Talk, found: list[Json], status: Any) -> None:
    parts = [(id, one, "processing_status") for id, one in zip(members(talk.call.id), found, strict=True)]
    talk.say(failure("media", talk, parts, status))


def _twice(talk: Talk, response: V2Response, shown: Json) -> V1Response:
    # v1's page shows {"data": {"data": {...}}}, its live answers wrap once: both ways to read it must work.
    return talk.answer(response, {**shown, "data": shown})


def status(talk: Talk, made: Draft) -> Steps:
    """GET /media/{id}/processing-status."""
    ids = members(talk.call.id)
    query = "?fields=processing_status"
    if len(ids) == 1:
        response = yield talk.ask("GET", talk.call.v2_path() + query)
        if not ok(response):
            return (yield from _failed(talk, response))
        found = [talk.found(response, paid=False)]
        shown = answers.media_status(found[0])
    else:
        several = yield from look_up_all(talk, query)
        if isinstance(several, V2Response):
            return talk.fail(several)
        found = several
        shown = answers.merge_status(found)
    _tell_failure(talk, found, shown.get("processing_status"))
    return talk.answer(_FINE, shown)


# Change


def update(talk: Talk, made: Draft) -> Steps:
    """PUT /media/{id}/edit: exactly what the caller gave, to every member."""
    ids = members(talk.call.id)
    body = made.body
    paid = not FREE_MEDIA_FIELDS.issuperset(body)
    if paid and talk.limited:
        _afford_least(talk, body, len(ids))
    if paid and (len(ids) > 1 or talk.limited):
        # Nothing may be charged for a media one of whose members is gone; and what an edit costs, the media says.
        known = yield from look_up_all(talk, "" if talk.limited else "?fields=id")
        if isinstance(known, V2Response):
            if known.status == 404:
                return (yield from unknown(talk, made, known, lambda one: _afford_v1(talk, made, one)))
            return talk.fail(known, made)
        _afford(talk, [(one, body) for one in known])
    return (yield from _put_all(talk, made, [(id, body) for id in ids], paid=paid))


def process(talk: Talk, made: Draft) -> Steps:
    """POST /media/{id}/process: what the media was made of, sent again. Paid, as in v1."""
    found = yield from look_up_all(talk)
    if isinstance(found, V2Response):
        if found.status == 404:
            _afford_least(talk, _GENERATE, 1)
            return (yield from unknown(talk, made, found, lambda one: _afford(talk, [(one, _GENERATE)])))
        return talk.fail(found)
    bodies = [_again(media) for media in found]
    if not all(bodies):
        if talk.limited:
            talk.refuse_unpriced("v2 does not tell what the media was made of")
        return (yield from talk.pass_on("v2 does not tell what the media was made of", paid=True))
    _afford(talk, list(zip(found, bodies, strict=True)))
    return (yield from _put_all(talk, made, list(zip(members(talk.call.id), bodies, strict=True)), paid=True))


_GENERATE: Json = {"prompt": ""}  # any field that starts a generation


def _afford(talk: Talk, updates: list[tuple[Json, Json]], why: str = "") -> None:
    """Raise :class:`CreditLimitError` where these updates, each of a media as it is, cost too much."""
    bodies: list[Json] = []
    for media, body in updates:
        several = again(media, body)
        if several is None:
            why = "the service does not tell what the media was made of"
        bodies += several if several is not None else [body]
    talk.afford(UPDATE, bodies, why)


def afford_update(talk: Talk, body: Json, why: str) -> Generator[V2Request, V2Response, None]:
    """Raise :class:`CreditLimitError` where a paid edit, passed to v1, is above the limit. v2 or v1 has the media."""
    media = yield from look_up(talk)
    known: Json | None = media if not isinstance(media, V2Response) else (yield from of_v1(talk))
    if known is None:
        talk.refuse_unpriced("neither v2 nor v1 tells what the media is made of")
    _afford(talk, [(known, {**_GENERATE, **body})], why)


def _afford_least(talk: Talk, body: Json, times: int) -> None:
    """Refuse an edit that no media can make cheap enough, before anything is looked up."""
    least = {
        "video_tool": "AutoT1",
        "duration": 1,
        **{name: value for name, value in body.items() if value is not None},
    }
    talk.check_price(sum((estimate_call(UPDATE, least) for _ in range(times)), start=FREE))


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


def _names_paid(made: Draft) -> bool:
    """Whether an edit that is free on v2 has an empty field that v1 may take for one that starts a generation."""
    rules = made.operation.by_field
    return any(value is not None and name in rules and rules[name].paid for name, value in made.fields.items())


def _afford_v1(talk: Talk, made: Draft, media: Json) -> None:
    _afford(talk, [(media, {**_GENERATE, **as_v1(made)[0]})])


def _put_all(talk: Talk, made: Draft, updates: list[tuple[str, Json]], *, paid: bool) -> Steps:
    changed: list[Json] = []
    last = _FINE
    for id, body in updates:
        done = [one for one, _ in updates[: len(changed)]] if paid else []
        path = path_of(talk, id)
        last = yield talk.ask("PUT", path, body, paid=paid)
        if last.status == 405:  # nothing happened: the vendor's page names no verb, and this was the wrong one
            last = yield talk.ask("PATCH", path, body, paid=paid)
        if not ok(last):
            if not changed and last.status == 404:
                if not paid and _names_paid(made):
                    return (yield from not_found(talk, made, last, lambda one: _afford_v1(talk, made, one)))
                return (yield from (not_found(talk, made, last) if paid else _failed(talk, last)))
            return talk.fail(last, made, done)
        changed.append(talk.found(last, paid=paid, job_ids=done))
    if len(changed) == 1:
        shown: Any = answers.media(changed[0])
    else:
        shown = answers.merge_media(changed, talk.call.id)
    if talk.call.operation.method == "PUT":
        return _twice(talk, last, shown)
    return talk.answer(last, shown)
