"""The conversations of v1's media operations.

Laws:

* At most one paid request a motion, and none is ever repeated: a ``405`` did nothing, so ``PATCH`` may follow it.
* An id, once created, is never lost: an error answer names it, and the loop that drives the conversation names it in
  whatever else ends the call.
* A composite id (``id1+id2``) is one v1 media over several v2 media; nothing is stored, the id says it all. It has
  at most ``MAX_MEMBERS`` members, each once: one call of the caller's must not become any number of ours.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from vimmerse.compat.core.errors import MAY_EXIST, UpstreamError
from vimmerse.compat.core.messages import Notice, V1Response, V2Request, V2Response
from vimmerse.compat.flows import responses
from vimmerse.compat.flows.context import CallContext, Flow, Json, is_success
from vimmerse.compat.flows.credit_limit import complete_update_body, v1_price_bodies
from vimmerse.compat.flows.field_selection import chosen, sources, wanted
from vimmerse.compat.flows.lookups import handle_not_found, handle_unknown_id, look_up, look_up_in_v1, path_of
from vimmerse.compat.flows.story import failure
from vimmerse.compat.flows.uploads import upload
from vimmerse.compat.rules.engine import Translation, shorten
from vimmerse.pricing import FREE, FREE_MEDIA_FIELDS, UPDATE, estimate_call

#: Motions that one v1 media may have, and so the members of a composite id.
MAX_MEMBERS = 16


def member_ids(id: str) -> list[str]:
    """The v2 ids of a v1 media id; nearly always the id itself."""
    return [part for part in id.split("+") if part] or [id]


def refused(context: CallContext, translation: Translation | None = None) -> V1Response | None:
    """The 400 to a composite id, or a list of motions, that one media can't have; None for any other."""
    if translation is not None:
        if len(translation.motions) > MAX_MEMBERS:
            return context.local_error(
                400,
                "BAD_REQUEST",
                f"pose_preset has {len(translation.motions)} motions; one media takes {MAX_MEMBERS}.",
            )
        return None
    if "+" not in context.call.id or not context.call.operation.path.startswith("/media/"):
        return None
    ids = member_ids(context.call.id)
    if len(ids) > MAX_MEMBERS:
        return context.local_error(
            400, "BAD_REQUEST", f"The media's id has {len(ids)} members; there are {MAX_MEMBERS} at most."
        )
    if len(set(map(_same, ids))) < len(ids):
        return context.local_error(400, "BAD_REQUEST", "The media's id has the same member twice.")
    return None


def _same(id: str) -> str:
    """What the spellings of one id have in common: a server that reads UUIDs takes capitals, and no hyphens, too."""
    return id.strip().casefold().replace("-", "").strip("{}")


# Create


def create(context: CallContext, translation: Translation) -> Flow:
    """Upload, create once a motion, and set what only an update can set."""
    if translation.images:
        urls, failed = yield from upload(context, translation)
        if failed is not None:
            return context.error_response(failed, translation)
        for item, url in zip(translation.body["media_items"], urls, strict=True):
            item["url"] = url
    created: list[Json] = []
    last = None
    for index, motion in enumerate(translation.motions or [{}]):
        last = yield context.build_request("POST", "/v2/media", {**translation.body, **motion}, paid=True)
        if not is_success(last):
            if translation.motions:
                translation.origins.update(translation.motion_origins[index])
            return context.error_response(last, translation, _ids(created))
        found = context.parse_object(last, paid=True, job_ids=_ids(created))
        if not isinstance(found.get("id"), str):
            raise UpstreamError(
                f"{context.call.operation.v1}: the server answered {last.status} without an id. {MAY_EXIST}",
                operation=context.call.operation.v1,
                job_ids=tuple(_ids(created)),
            )
        created.append(found)
    assert last is not None  # there is at least one motion
    if translation.follow_up:
        for found in created:
            yield from _set_later(context, translation, found)
    if len(created) == 1:
        return context.success_response(last, responses.media(created[0], listed=bool(translation.motions)))
    hook = translation.body.get("webhook_url")
    if hook:
        context.add_notices([_posts(context, hook, _ids(created))])
    return context.success_response(last, responses.merge_media(created, "+".join(_ids(created))))


def _ids(created: list[Json]) -> list[str]:
    return [found["id"] for found in created]


def _posts(context: CallContext, hook: object, ids: list[str]) -> Notice:
    text = (
        f"{context.call.operation.v1}: webhook_url: v2 makes {len(ids)} media of this one, and each posts to the "
        f"address by itself, under its own id: {', '.join(ids)}"
    )
    return Notice("deprecated", context.call.operation.v1, "webhook_url", shorten(hook), "webhook_url", None, text)


def _set_later(context: CallContext, translation: Translation, found: Json) -> Generator[V2Request, V2Response, None]:
    """Set visibility and rating of a new media. Free and idempotent, so it may be tried twice.

    A failure here must not hide the id of a media that is paid for: it becomes a warning.
    """
    why = ""
    for _ in range(2):
        try:
            path = context.call.v2_path() + f"/{responses.quoted(found['id'])}"
            response = yield context.build_request("PUT", path, translation.follow_up)
        except Exception as error:
            why = type(error).__name__
            continue
        why = f"the server answered {response.status}"
        if is_success(response):
            try:
                # The id is that of the media that was paid for, whatever this answer calls it.
                found.update({**translation.follow_up, **context.parse_object(response, paid=False), "id": found["id"]})
            except UpstreamError:
                break
            return
        if response.status < 500 and response.status != 429:
            break
    wanted = ", ".join(f"{name}={value!r}" for name, value in translation.follow_up.items())
    operation = context.call.operation.v1
    text = (
        f"{operation}: media {found['id']} was created, but {wanted} could not be set ({why}). "
        f"Set it with PUT /v2/media/{found['id']}; that is free."
    )
    name = next(iter(translation.follow_up))
    context.add_notices([Notice("lossy", operation, name, translation.follow_up[name], "", None, text)])


# Read


def look_up_all(context: CallContext, query: str = "") -> Generator[V2Request, V2Response, list[Json] | V2Response]:
    """All members of the call's id; a member that is not found makes the whole not found."""
    found: list[Json] = []
    for id in member_ids(context.call.id):
        one = yield from look_up(context, id, query)
        if isinstance(one, V2Response):
            return one
        found.append(one)
    return found


def _failed(context: CallContext, response: V2Response) -> Flow:
    if response.status == 404 and context.may_fall_back_to_v1:
        return (yield from context.fall_back_to_v1())
    return context.error_response(response)


_FINE = V2Response(200)


def detail(context: CallContext, translation: Translation) -> Flow:
    """GET /media/{id}."""
    asked = wanted(context.call.query_fields().getlist("fields"))
    query = f"?fields={responses.quoted(','.join(sources(asked)), safe=',')}" if asked else ""
    ids = member_ids(context.call.id)
    if len(ids) == 1:
        response = yield context.build_request("GET", context.call.v2_path() + query)
        if not is_success(response):
            return (yield from _failed(context, response))
        found = [context.parse_object(response, paid=False)]
        shown = responses.media(found[0])
    else:
        several = yield from look_up_all(context)
        if isinstance(several, V2Response):
            return context.error_response(several)
        found, response = several, _FINE
        shown = responses.merge_media(found, context.call.id)
    _tell_failure(context, found, shown.get("processing_status"))
    if asked and len(ids) > 1:  # the members were read whole
        return _twice(context, response, {name: shown[name] for name in asked if name in shown})
    return _twice(context, response, chosen(shown, found[0], asked) if asked else shown)


def _tell_failure(context: CallContext, found: list[Json], status: Any) -> None:
    parts = [(id, one, "processing_status") for id, one in zip(member_ids(context.call.id), found, strict=True)]
    context.add_notices(failure("media", context, parts, status))


def _twice(context: CallContext, response: V2Response, shown: Json) -> V1Response:
    # v1's page shows {"data": {"data": {...}}}, its live answers wrap once: both ways to read it must work.
    return context.success_response(response, {**shown, "data": shown})


def status(context: CallContext, translation: Translation) -> Flow:
    """GET /media/{id}/processing-status."""
    ids = member_ids(context.call.id)
    query = "?fields=processing_status"
    if len(ids) == 1:
        response = yield context.build_request("GET", context.call.v2_path() + query)
        if not is_success(response):
            return (yield from _failed(context, response))
        found = [context.parse_object(response, paid=False)]
        shown = responses.media_status(found[0])
    else:
        several = yield from look_up_all(context, query)
        if isinstance(several, V2Response):
            return context.error_response(several)
        found = several
        shown = responses.merge_status(found)
    _tell_failure(context, found, shown.get("processing_status"))
    return context.success_response(_FINE, shown)


# Change


def update(context: CallContext, translation: Translation) -> Flow:
    """PUT /media/{id}/edit: exactly what the caller gave, to every member."""
    ids = member_ids(context.call.id)
    body = translation.body
    paid = not FREE_MEDIA_FIELDS.issuperset(body)
    if paid and context.has_credit_limit:
        _afford_least(context, body, len(ids))
    if paid and (len(ids) > 1 or context.has_credit_limit):
        # Nothing may be charged for a media one of whose members is gone; and what an edit costs, the media says.
        known = yield from look_up_all(context, "" if context.has_credit_limit else "?fields=id")
        if isinstance(known, V2Response):
            if known.status == 404:
                return (
                    yield from handle_unknown_id(
                        context, translation, known, lambda one: _afford_v1(context, translation, one)
                    )
                )
            return context.error_response(known, translation)
        _afford(context, [(one, body) for one in known])
    return (yield from _put_all(context, translation, [(id, body) for id in ids], paid=paid))


def process(context: CallContext, translation: Translation) -> Flow:
    """POST /media/{id}/process: what the media was made of, sent complete_update_body. Paid, as in v1."""
    found = yield from look_up_all(context)
    if isinstance(found, V2Response):
        if found.status == 404:
            _afford_least(context, _GENERATE, 1)
            return (
                yield from handle_unknown_id(
                    context, translation, found, lambda one: _afford(context, [(one, _GENERATE)])
                )
            )
        return context.error_response(found)
    bodies = [_again(media) for media in found]
    if not all(bodies):
        if context.has_credit_limit:
            context.raise_unpriced("v2 does not tell what the media was made of")
        return (yield from context.passthrough("v2 does not tell what the media was made of", paid=True))
    _afford(context, list(zip(found, bodies, strict=True)))
    return (
        yield from _put_all(
            context, translation, list(zip(member_ids(context.call.id), bodies, strict=True)), paid=True
        )
    )


_GENERATE: Json = {"prompt": ""}  # any field that starts a generation


def _afford(context: CallContext, updates: list[tuple[Json, Json]], why: str = "") -> None:
    """Raise :class:`CreditLimitError` where these updates, each of a media as it is, cost too much."""
    bodies: list[Json] = []
    for media, body in updates:
        several = complete_update_body(media, body)
        if several is None:
            why = "the service does not tell what the media was made of"
        bodies += several if several is not None else [body]
    context.check_credits(UPDATE, bodies, why)


def afford_update(context: CallContext, body: Json, why: str) -> Generator[V2Request, V2Response, None]:
    """Raise :class:`CreditLimitError` where a paid edit, passed to v1, is above the limit. v2 or v1 has the media."""
    media = yield from look_up(context)
    known: Json | None = media if not isinstance(media, V2Response) else (yield from look_up_in_v1(context))
    if known is None:
        context.raise_unpriced("neither v2 nor v1 tells what the media is made of")
    _afford(context, [(known, {**_GENERATE, **body})], why)


def _afford_least(context: CallContext, body: Json, times: int) -> None:
    """Refuse an edit that no media can make cheap enough, before anything is looked up."""
    least = {
        "video_tool": "AutoT1",
        "duration": 1,
        **{name: value for name, value in body.items() if value is not None},
    }
    context.check_price(sum((estimate_call(UPDATE, least) for _ in range(times)), start=FREE))


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


def _names_paid(translation: Translation) -> bool:
    """Whether an edit that is free on v2 has an empty field that v1 may take for one that starts a generation."""
    rules = translation.operation.by_field
    return any(value is not None and name in rules and rules[name].paid for name, value in translation.fields.items())


def _afford_v1(context: CallContext, translation: Translation, media: Json) -> None:
    _afford(context, [(media, {**_GENERATE, **v1_price_bodies(translation)[0]})])


def _put_all(context: CallContext, translation: Translation, updates: list[tuple[str, Json]], *, paid: bool) -> Flow:
    changed: list[Json] = []
    last = _FINE
    for id, body in updates:
        done = [one for one, _ in updates[: len(changed)]] if paid else []
        path = path_of(context, id)
        last = yield context.build_request("PUT", path, body, paid=paid)
        if last.status == 405:  # nothing happened: the vendor's page names no verb, and this was the wrong one
            last = yield context.build_request("PATCH", path, body, paid=paid)
        if not is_success(last):
            if not changed and last.status == 404:
                if not paid and _names_paid(translation):
                    return (
                        yield from handle_not_found(
                            context, translation, last, lambda one: _afford_v1(context, translation, one)
                        )
                    )
                return (yield from (handle_not_found(context, translation, last) if paid else _failed(context, last)))
            return context.error_response(last, translation, done)
        changed.append(context.parse_object(last, paid=paid, job_ids=done))
    if len(changed) == 1:
        shown: Any = responses.media(changed[0])
    else:
        shown = responses.merge_media(changed, context.call.id)
    if context.call.operation.method == "PUT":
        return _twice(context, last, shown)
    return context.success_response(last, shown)
