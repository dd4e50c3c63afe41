"""The log of the compat layer's requests, in the same form as that of the typed clients."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from urllib.parse import urlsplit

from vimmerse._http import logs
from vimmerse._http.redaction import Secrets
from vimmerse.compat.core.messages import V1Request, V2Request, V2Response

_WORD = re.compile(r"v\d|[a-z]+(-2)?(-[a-z]+)*")  # a segment of a path that is not an id: v2, story, idea-2-video
_MAX_WORD_LENGTH = 24
_MAX_SEGMENTS = 8


def path_template(path: str) -> str:
    """A path with ``{}`` in place of each segment that does not look like a word."""
    segments = [
        "{}" if segment and not (len(segment) <= _MAX_WORD_LENGTH and _WORD.fullmatch(segment)) else segment
        for segment in path.split("/")[1:]
    ]
    return "/" + "/".join(segments[:_MAX_SEGMENTS]) + ("/..." if len(segments) > _MAX_SEGMENTS else "")


def is_logged() -> bool:
    """Whether requests are logged."""
    return logs.logger.isEnabledFor(logging.INFO)


def log_exchange(
    call: V1Request, request: V2Request, outcome: V2Response | BaseException, duration: float, secrets: Secrets
) -> None:
    """Write the records of a request that was sent for a v1 call. ``duration``: seconds. Raises nothing."""
    with suppress(Exception):  # a handler of the application's: the response may be of a paid call
        path = "(result file)" if request.kind == "file" else _named_template(request.url)
        response = outcome if isinstance(outcome, V2Response) else None
        logs.log_request(
            request.method,
            path,
            outcome=outcome if isinstance(outcome, BaseException) else outcome.status,
            headers={} if response is None else {name.lower(): value for name, value in response.headers},
            secrets=secrets,
            duration=duration,
            v1_call=None if request.kind == "other" else f"{call.method} {_named_template(call.url)}",
        )
        if logs.logger.isEnabledFor(logging.DEBUG):
            sent = request.body if isinstance(request.body, bytes) else None
            logs.log_content(request.method, path, secrets, "sent", request.headers, sent)
            if response is not None:
                received = None if request.stream else response.body
                logs.log_content(request.method, path, secrets, "received", response.headers, received)


def _named_template(url: str) -> str:
    template = path_template(urlsplit(url).path)
    return re.sub(r"/(story|media)/\{\}", r"/\1/{\1_id}", template)
