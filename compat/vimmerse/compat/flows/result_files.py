"""v1's download route: look the media up, pick the result, stream the file from wherever it is.

Laws:

* The file's host gets no key and no cookie, on redirects neither.
* The bytes never pass through the core: the adapter's own response is handed on.
* A part (206, 416) is handed on where the caller asked for a range, and "not modified" (304) where the caller asked
  on a condition. To any other caller they would look like the file.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

from vimmerse.compat.core.errors import UpstreamError
from vimmerse.compat.core.messages import V1Response, V2Response
from vimmerse.compat.flows import responses
from vimmerse.compat.flows.context import CallContext, Flow, Json
from vimmerse.compat.flows.media import look_up_all
from vimmerse.compat.rules.engine import Translation
from vimmerse.compat.rules.values import VIDEO_TOOLS

REDIRECTS = 5
_KNOWN = VIDEO_TOOLS.same | set(VIDEO_TOOLS.near) | set(VIDEO_TOOLS.unsupported)
_LONGEST_NUMBER = 6  # digits; no media has a million results
_LONGEST_URL = 64 * 1024  # what httpx takes
_ONLY_IF_ASKED = {
    206: frozenset({"range"}),
    304: frozenset({"if-none-match", "if-modified-since"}),
    416: frozenset({"range"}),
}
# What a file's host says that the caller has a use for; its cookies and policies are not among them.
_KEPT = frozenset(
    {
        "accept-ranges",
        "age",
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-length",
        "content-range",
        "content-type",
        "date",
        "etag",
        "expires",
        "last-modified",
        "transfer-encoding",
        "vary",
    }
)


def download(context: CallContext, translation: Translation) -> Flow:
    """GET /media/{id}/download."""
    found = yield from look_up_all(context)
    if isinstance(found, V2Response):
        if found.status == 404 and context.may_fall_back_to_v1:
            return (yield from context.fall_back_to_v1())
        return context.error_response(found)
    asked = translation.fields.get("motion_type")
    url = select_result_url(found, asked if isinstance(asked, str) else "")
    if url is None:
        return _nothing_yet(context, found, asked)
    url = _address(context, url)
    response = yield context.build_file_request(url)
    for _ in range(REDIRECTS):
        if response.status not in (301, 302, 303, 307, 308):
            break
        location = next((value for name, value in response.headers if name.lower() == "location"), "")
        url = _address(context, location, url)
        response = yield context.build_file_request(url)
    if response.status == 200 or _asked_for(context, response.status):
        kept = tuple(pair for pair in response.headers if pair[0].lower() in _KEPT)
        return V1Response(response.status, kept, response.body, response.native, context.take_notices())
    host = urlsplit(url).hostname
    if response.status in _ONLY_IF_ASKED:
        why = ", though it was asked for the whole file."
    else:
        why = ". Its address may have expired: ask complete_update_body for it."
    return context.local_error(
        response.status if response.status >= 400 else 502,
        "FILE_NOT_AVAILABLE",
        f"The video's host {host} answered {response.status}{why}",
    )


def _asked_for(context: CallContext, status: int) -> bool:
    names = _ONLY_IF_ASKED.get(status, frozenset())
    return any(name.lower() in names for name, _ in context.request.headers)


def _address(context: CallContext, address: str, base: str = "") -> str:
    """A result's address as an absolute URL. Raises :class:`UpstreamError` for what is none of http or https."""
    try:
        if len(address) > _LONGEST_URL:
            raise ValueError
        url = urljoin(base or context.policy.base_url, address)
        parts = urlsplit(url)
        port = parts.port  # raises for one that is no number
        if parts.scheme in ("http", "https") and parts.hostname and port != 0:
            parts.hostname.encode("idna" if not parts.hostname.isascii() else "ascii")
            return url
    except ValueError:  # too long, half an IPv6 address, a port that is no number, a name that DNS can't hold
        pass
    raise UpstreamError(
        f"{context.call.operation.v1}: the result's address is no http or https URL",
        operation=context.call.operation.v1,
    )


def _nothing_yet(context: CallContext, found: list[Json], asked: Any) -> V1Response:
    shown = responses.merge_status(found)
    status = shown["processing_status"]
    if status == "success":
        return context.local_error(400, "BAD_REQUEST", f"This media has no result {asked!r}.")
    return context.local_error(
        400, "NOT_READY", f"This media has no result {asked or ''} yet: its status is {status!r}."
    )


def select_result_url(found: list[Json], asked: str) -> str | None:
    """The URL of the result that v1's ``motion_type`` names.

    ``Auto2`` is the second of the Auto results, a name without a number the first; a name that no result bears (its
    tool was approximated) counts through all results.
    """
    entries = [
        (responses.motion_of(media), responses.result_entry(item))
        for media in found
        for item in (media["result"] if isinstance(media.get("result"), list) else [])
    ]
    bases = {base for base, _ in entries}
    name, number = _split(asked, bases)
    chosen = [entry for base, entry in entries if base == name] if name in bases else [entry for _, entry in entries]
    digits = number.lstrip("0")
    if len(digits) > _LONGEST_NUMBER:
        return None
    index = int(number[-_LONGEST_NUMBER:]) - 1 if number else 0
    if not 0 <= index < len(chosen):
        return None
    url = chosen[index].get("url") if isinstance(chosen[index], dict) else None
    return url if isinstance(url, str) and url else None


def _split(asked: str, bases: set[str]) -> tuple[str, str]:
    # Names may end with digits themselves (Kling2, AutoT1): the longest known name wins, and the rest is the number.
    for name in sorted(bases | _KNOWN, key=len, reverse=True):
        number = asked[len(name) :]
        if asked.startswith(name) and (not number or number.isdecimal()):
            return name, number
    name = asked.rstrip("0123456789")
    return name, asked[len(name) :]
