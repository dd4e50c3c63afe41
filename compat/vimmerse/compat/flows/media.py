"""The flows of v1's media operations.

* Each motion takes at most one paid request, and none is repeated. A ``405`` changed nothing, so ``PATCH`` may follow.
* The id of a media that was created is never lost: an error response names it, and the driver of the flow names it
  in whatever else ends the call.
* A composite id (``id1+id2``) is one v1 media that consists of several v2 media. Nothing else is stored about it. It
  has at most ``MAX_MEMBERS`` members, each once, so that one call can't become any number of requests.
"""

from __future__ import annotations

from collections.abc import Generator
from urllib.parse import quote

from vimmerse._http.retries import is_transient_status
from vimmerse.compat.core.errors import MAY_EXIST, UpstreamError
from vimmerse.compat.core.messages import Notice, V1Response, V2Request, V2Response
from vimmerse.compat.flows import lookups, responses
from vimmerse.compat.flows.context import CallContext, Flow, Json, is_success
from vimmerse.compat.flows.credit_limit import check_least_credits, check_update_credits, v1_price_bodies
from vimmerse.compat.flows.field_selection import requested_fields, select_fields, source_fields
from vimmerse.compat.flows.uploads import upload
from vimmerse.compat.rules.engine import Translation, shorten
from vimmerse.pricing import FREE_MEDIA_FIELDS

#: Motions that one v1 media may have, and so the members of a composite id.
MAX_MEMBERS = 16
_OK = V2Response(200)
_GENERATION: Json = {"prompt": ""}  # stands for any field that starts a generation
_NO_SETTINGS = "v2 does not return the media's generation settings"


def member_ids(id: str) -> list[str]:
    """Return the v2 ids of a v1 media id; nearly always the id itself."""
    return [part for part in id.split("+") if part] or [id]


def reject_id(context: CallContext) -> V1Response | None:
    """Return the error for a composite id that no media can have, or None."""
    if "+" not in context.call.id or not context.call.operation.path.startswith("/media/"):
        return None
    ids = member_ids(context.call.id)
    if len(ids) > MAX_MEMBERS:
        why = f"The media's id has {len(ids)} members; the maximum is {MAX_MEMBERS}."
    elif len({_normalized(id) for id in ids}) < len(ids):
        why = "The media's id has the same member twice."
    else:
        return None
    return context.local_error(400, "BAD_REQUEST", why)


def _normalized(id: str) -> str:
    # A server that reads UUIDs also takes upper case, braces, and no hyphens.
    return id.strip().casefold().replace("-", "").strip("{}")


def reject_motions(context: CallContext, translation: Translation) -> V1Response | None:
    """Return the error for more motions than a media can have, or None."""
    count = len(translation.motions)
    if count <= MAX_MEMBERS:
        return None
    return context.local_error(
        400, "BAD_REQUEST", f"pose_preset has {count} motions; the maximum for one media is {MAX_MEMBERS}."
    )


# Create


def create(context: CallContext, translation: Translation) -> Flow:
    """Upload the images, create a media per motion, and set what only an update can set."""
    if translation.images:
        urls = yield from upload(context, translation.images)
        if isinstance(urls, V2Response):
            return context.error_response(urls, translation)
        for item, url in zip(translation.body["media_items"], urls, strict=True):
            item["url"] = url
    created: list[Json] = []
    response = _OK
    for index, motion in enumerate(translation.motions or [{}]):
        response = yield context.build_request("POST", "/v2/media", {**translation.body, **motion}, paid=True)
        if not is_success(response):
            if translation.motions:
                translation.origins.update(translation.motion_origins[index])
            return context.error_response(response, translation, _ids(created))
        media = context.parse_object(response, paid=True, job_ids=_ids(created))
        if not isinstance(media.get("id"), str):
            raise UpstreamError(
                f"{context.call.operation.v1}: the server returned {response.status} without an id. {MAY_EXIST}",
                operation=context.call.operation.v1,
                job_ids=tuple(_ids(created)),
            )
        created.append(media)
    if translation.follow_up:
        for media in created:
            yield from _follow_up(context, translation.follow_up, media)
    if len(created) == 1:
        return context.success_response(response, responses.media(created[0], listed=bool(translation.motions)))
    ids = _ids(created)
    if webhook_url := translation.body.get("webhook_url"):
        operation = context.call.operation.v1
        text = (
            f"{operation}: webhook_url: v2 creates {len(ids)} media for this one, and each posts to the URL "
            f"separately, under its own id: {', '.join(ids)}"
        )
        shown = shorten(webhook_url)
        context.add_notices([Notice("deprecated", operation, "webhook_url", shown, "webhook_url", None, text)])
    return context.success_response(response, responses.merge_media(created, "+".join(ids)))


def _ids(created: list[Json]) -> list[str]:
    return [media["id"] for media in created]


def _follow_up(context: CallContext, changes: Json, media: Json) -> Generator[V2Request, V2Response, None]:
    """Set visibility and rating of a new media. This is free and idempotent, so it is tried twice.

    A failure must not hide the id of a media that is paid for: it becomes a warning.
    """
    id = media["id"]
    why = ""
    for _ in range(2):
        try:
            path = f"{context.call.v2_path()}/{quote(id, safe='')}"
            response = yield from _put(context, path, changes, paid=False)
        except Exception as error:
            why = type(error).__name__
            continue
        why = f"the server returned {response.status}"
        if is_success(response):
            try:
                media.update({**changes, **context.parse_object(response, paid=False), "id": id})
            except UpstreamError:
                break
            return
        if not is_transient_status(response.status):
            break
    values = ", ".join(f"{name}={value!r}" for name, value in changes.items())
    operation = context.call.operation.v1
    text = (
        f"{operation}: media {id} was created, but {values} could not be set ({why}). "
        f"Set it with PUT /v2/media/{id}; that is free."
    )
    name = next(iter(changes))
    context.add_notices([Notice("lossy", operation, name, changes[name], "", None, text)])


# Read


def look_up_members(context: CallContext, query: str = "") -> Generator[V2Request, V2Response, list[Json] | V2Response]:
    """Return all members of the call's id, or the error response to one."""
    members: list[Json] = []
    for id in member_ids(context.call.id):
        media = yield from lookups.look_up(context, id, query)
        if isinstance(media, V2Response):
            return media
        members.append(media)
    return members


def _read(context: CallContext, query: str) -> Generator[V2Request, V2Response, tuple[list[Json], V2Response]]:
    """Return all members of the call's id, or none and the error response to one."""
    if len(member_ids(context.call.id)) > 1:
        members = yield from look_up_members(context, query)
        return ([], members) if isinstance(members, V2Response) else (members, _OK)
    response = yield context.build_request("GET", context.call.v2_path() + query)
    return [context.parse_object(response, paid=False)] if is_success(response) else [], response


def _to_v1(context: CallContext, members: list[Json]) -> Json:
    return responses.media(members[0]) if len(members) == 1 else responses.merge_media(members, context.call.id)


def detail(context: CallContext, translation: Translation) -> Flow:
    """GET /media/{id}."""
    names = requested_fields(context.call.query_fields().getlist("fields"))
    composite = len(member_ids(context.call.id)) > 1
    query = ""
    if names and not composite:
        query = f"?fields={quote(','.join(source_fields(names)), safe=',')}"
    members, response = yield from _read(context, query)
    if not members:
        return (yield from lookups.read_error(context, response))
    media = _to_v1(context, members)
    _note_failure(context, members, media)
    if names and composite:
        media = {name: media[name] for name in names if name in media}
    elif names:
        media = select_fields(media, members[0], names)
    return _wrap_twice(context, response, media)


def status(context: CallContext, translation: Translation) -> Flow:
    """GET /media/{id}/processing-status."""
    members, response = yield from _read(context, "?fields=processing_status")
    if not members:
        return (yield from lookups.read_error(context, response))
    media = responses.media_status(members[0]) if len(members) == 1 else responses.merge_status(members)
    _note_failure(context, members, media)
    return context.success_response(_OK, media)


def _note_failure(context: CallContext, members: list[Json], media: Json) -> None:
    jobs = list(zip(member_ids(context.call.id), members, strict=True))
    lookups.note_failure(context, "media", jobs, media.get("processing_status"))


def _wrap_twice(context: CallContext, response: V2Response, media: Json) -> V1Response:
    # v1's page shows {"data": {"data": {...}}}, its live responses have one wrapper: both must be readable.
    return context.success_response(response, {**media, "data": media})


# Change


def update(context: CallContext, translation: Translation) -> Flow:
    """PUT /media/{id}/edit: exactly the caller's fields, for every member."""
    ids = member_ids(context.call.id)
    body = translation.body
    paid = not FREE_MEDIA_FIELDS.issuperset(body)
    if paid and context.has_credit_limit:
        check_least_credits(context, body, len(ids))
    if paid and (len(ids) > 1 or context.has_credit_limit):
        # Nothing may be charged if a member is missing; and the price of an update depends on the media.
        members = yield from look_up_members(context, "" if context.has_credit_limit else "?fields=id")
        if isinstance(members, V2Response):
            check_price = _v1_check(context, translation)
            return (yield from lookups.handle_failed_look_up(context, translation, members, check_price))
        check_update_credits(context, [(media, body) for media in members])
    return (yield from _put_all(context, translation, [(id, body) for id in ids], paid=paid))


def process(context: CallContext, translation: Translation) -> Flow:
    """POST /media/{id}/process: send the media's own settings again. Paid, as in v1."""
    members = yield from look_up_members(context)
    if isinstance(members, V2Response):
        if members.status == 404:
            check_least_credits(context, _GENERATION, 1)

        def check_price(media: Json) -> None:
            check_update_credits(context, [(media, _GENERATION)])

        return (yield from lookups.handle_failed_look_up(context, translation, members, check_price))
    bodies = [_generation_body(media) for media in members]
    if not all(bodies):
        if context.has_credit_limit:
            context.raise_unpriced(_NO_SETTINGS)
        return (yield from context.passthrough(_NO_SETTINGS, paid=True))
    check_update_credits(context, list(zip(members, bodies, strict=True)))
    updates = list(zip(member_ids(context.call.id), bodies, strict=True))
    return (yield from _put_all(context, translation, updates, paid=True))


#: What repeats a generation: the field of a request by the key of a media's ``pose_preset``.
PRESET_FIELDS = {
    "motion_type": "video_tool",
    "prompt": "prompt",
    "quantity": "quantity",
    "motion_length": "duration",
    "loop": "loop",
}


def _generation_body(media: Json) -> Json:
    """Return the update that repeats the generation of a media, or an empty one if its settings are unknown."""
    preset = media.get("pose_preset")
    if not isinstance(preset, dict):
        return {}
    return {to: preset[name] for name, to in PRESET_FIELDS.items() if preset.get(name) is not None}


def check_forwarded_update(context: CallContext, body: Json, why: str) -> Generator[V2Request, V2Response, None]:
    """Raise :class:`CreditLimitError` if a paid edit, forwarded to v1, is above the limit."""
    media = yield from lookups.look_up_in_either(context)
    if media is None:
        context.raise_unpriced("neither v2 nor v1 returns the media's generation settings")
    check_update_credits(context, [(media, {**_GENERATION, **body})], why)


def _v1_check(context: CallContext, translation: Translation) -> lookups.CheckPrice:
    def check_price(media: Json) -> None:
        check_update_credits(context, [(media, {**_GENERATION, **v1_price_bodies(translation)[0]})])

    return check_price


def _may_be_paid_in_v1(translation: Translation) -> bool:
    """Return whether a free edit has an empty field that v1 may take for one that starts a generation."""
    rules = translation.operation.by_field
    return any(value is not None and name in rules and rules[name].paid for name, value in translation.fields.items())


def _put(context: CallContext, path: str, body: Json, *, paid: bool) -> Generator[V2Request, V2Response, V2Response]:
    response = yield context.build_request("PUT", path, body, paid=paid)
    if response.status == 405:  # nothing happened: the vendor's page names no method, and PUT was the wrong one
        response = yield context.build_request("PATCH", path, body, paid=paid)
    return response


def _put_all(context: CallContext, translation: Translation, updates: list[tuple[str, Json]], *, paid: bool) -> Flow:
    changed: list[Json] = []
    response = _OK
    for id, body in updates:
        paid_ids = [id for id, _ in updates[: len(changed)]] if paid else []
        path = lookups.path_of(context, id)
        response = yield from _put(context, path, body, paid=paid)
        if response.status == 404 and not changed:
            if paid or _may_be_paid_in_v1(translation):
                check_price = _v1_check(context, translation)
                return (yield from lookups.handle_not_found(context, translation, response, check_price))
            return (yield from lookups.read_error(context, response))
        if not is_success(response):
            return context.error_response(response, translation, paid_ids)
        changed.append(context.parse_object(response, paid=paid, job_ids=paid_ids))
    media = _to_v1(context, changed)
    if context.call.operation.method == "PUT":
        return _wrap_twice(context, response, media)
    return context.success_response(response, media)
