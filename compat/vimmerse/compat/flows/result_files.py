"""v1's download route: look the media up, select a result, stream the file from its host.

* The file's host gets no key and no cookie, nor do hosts that it redirects to.
* The file is not read here: the adapter's own response is returned.
* A part (206, 416) is returned only if the caller asked for a range, and "not modified" (304) only if the caller asked
  on a condition. To any other caller they would look like the file.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

from vimmerse.compat.core.errors import UpstreamError
from vimmerse.compat.core.messages import V1Response, V2Response
from vimmerse.compat.flows import responses
from vimmerse.compat.flows.context import CallContext, Flow, Json
from vimmerse.compat.flows.headers import FILE_RESPONSE, REDIRECTS, first_value
from vimmerse.compat.flows.lookups import read_error
from vimmerse.compat.flows.media import look_up_members
from vimmerse.compat.rules.engine import Translation
from vimmerse.compat.rules.values import VIDEO_TOOLS

MAX_REDIRECTS = 5
_KNOWN_TOOLS = VIDEO_TOOLS.same | set(VIDEO_TOOLS.near) | set(VIDEO_TOOLS.unsupported)
_MAX_DIGITS = 6  # no media has a million results
_MAX_URL_LENGTH = 64 * 1024  # of httpx
#: The request headers without which a response of this status is not the file.
_REQUESTED_BY = {
    206: frozenset({"range"}),
    304: frozenset({"if-none-match", "if-modified-since"}),
    416: frozenset({"range"}),
}


def download(context: CallContext, translation: Translation) -> Flow:
    """GET /media/{id}/download."""
    members = yield from look_up_members(context)
    if isinstance(members, V2Response):
        return (yield from read_error(context, members))
    motion_type = translation.fields.get("motion_type")
    result_url = select_result_url(members, motion_type if isinstance(motion_type, str) else "")
    if result_url is None:
        return _no_result(context, members, motion_type)
    url = _absolute_url(context, result_url)
    response = yield context.build_file_request(url)
    for _ in range(MAX_REDIRECTS):
        if response.status not in REDIRECTS:
            break
        url = _absolute_url(context, first_value(response.headers, "location"), url)
        response = yield context.build_file_request(url)
    needed = _REQUESTED_BY.get(response.status, frozenset())
    if response.status == 200 or any(name.lower() in needed for name, _ in context.request.headers):
        headers = [pair for pair in response.headers if pair[0].lower() in FILE_RESPONSE]
        return V1Response(response.status, headers, response.body, response.native, context.take_notices())
    if response.status in _REQUESTED_BY:
        why = ", although the whole file was requested."
    else:
        why = ". The URL may have expired: get the media again for a new one."
    return context.local_error(
        response.status if response.status >= 400 else 502,
        "FILE_NOT_AVAILABLE",
        f"The video's host {urlsplit(url).hostname} returned {response.status}{why}",
    )


def _absolute_url(context: CallContext, address: str, base: str = "") -> str:
    """Return a result's address as an absolute URL. Raises :class:`UpstreamError` if it is not an http or https URL."""
    try:
        if len(address) > _MAX_URL_LENGTH:
            raise ValueError
        url = urljoin(base or context.policy.base_url, address)
        parts = urlsplit(url)
        port = parts.port  # raises ValueError if it is not a number
        if parts.scheme in ("http", "https") and parts.hostname and port != 0:
            parts.hostname.encode("idna" if not parts.hostname.isascii() else "ascii")
            return url
    except ValueError:  # too long, an incomplete IPv6 address, a port that is not a number, a name that DNS can't hold
        pass
    raise UpstreamError(
        f"{context.call.operation.v1}: the result's address is not an http or https URL",
        operation=context.call.operation.v1,
    )


def _no_result(context: CallContext, members: list[Json], motion_type: Any) -> V1Response:
    status = responses.merge_status(members)["processing_status"]
    if status == "success":
        return context.local_error(400, "BAD_REQUEST", f"This media has no result {motion_type!r}.")
    result = f"result {motion_type}" if motion_type else "result"
    if status == "fail":
        return context.local_error(400, "BAD_REQUEST", f"This media has no {result}: its status is {status!r}.")
    return context.local_error(400, "NOT_READY", f"This media has no {result} yet: its status is {status!r}.")


def select_result_url(members: list[Json], motion_type: str) -> str | None:
    """Return the URL of the result that v1's ``motion_type`` names, or None.

    ``Auto2`` is the second of the Auto results, a name without a number the first. A name that no result has (its tool
    was approximated) counts through all results.
    """
    entries = [
        (responses.motion_of(media), responses.result_entry(item))
        for media in members
        for item in (media["result"] if isinstance(media.get("result"), list) else [])
    ]
    names = {name for name, _ in entries}
    wanted, number = _split_number(motion_type, names)
    if wanted in names:
        entries = [(name, entry) for name, entry in entries if name == wanted]
    if len(number.lstrip("0")) > _MAX_DIGITS:
        return None
    index = int(number[-_MAX_DIGITS:]) - 1 if number else 0
    if not 0 <= index < len(entries):
        return None
    entry = entries[index][1]
    url = entry.get("url") if isinstance(entry, dict) else None
    return url if isinstance(url, str) and url else None


def _split_number(motion_type: str, names: set[str]) -> tuple[str, str]:
    # Names may end with digits themselves (Kling2, AutoT1): the longest known name counts, and the rest is the number.
    for name in sorted(names | _KNOWN_TOOLS, key=len, reverse=True):
        number = motion_type[len(name) :]
        if motion_type.startswith(name) and (not number or number.isdecimal()):
            return name, number
    name = motion_type.rstrip("0123456789")
    return name, motion_type[len(name) :]
