"""The log of requests: the logger ``vimmerse.http``, and ``VIMMERSE_LOG``, which shows it.

One record of level INFO for each request that was sent, also for those of the compat layer: method, template of the
path, outcome, time, attempt, request id. At DEBUG another one has headers and bodies. No record contains a key.
"""

import logging
import os
import re
import sys
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from vimmerse._http import API_KEY_HEADER
from vimmerse._http.errors import request_id, secrets_of
from vimmerse._http.redaction import Secrets, one_line

if TYPE_CHECKING:
    import httpx

VARIABLE = "VIMMERSE_LOG"
LEVELS = {"info": logging.INFO, "debug": logging.DEBUG}
logger = logging.getLogger("vimmerse.http")

_MAX_BODY = 2000  # characters of a body that a DEBUG record quotes
_SECRET_WORDS = ("auth", "cookie", "session", "key", "token", "secret", "password", "credential", "signature")
_TEXTUAL = ("json", "text/", "x-www-form-urlencoded")
# Signed URLs, of any scheme, grant access: the query is left out. A slash may be escaped, as JSON allows.
_QUERY = re.compile(r"((?:\\?/){2})(?:[^\s\"'/\\?#@]*@)?([^\s\"'?#]*)(?:[?#][^\s\"']*)?")
_QUERY_IN_FORM = re.compile(  # the same, percent-encoded
    r"(%2F%2F)(?:(?:(?!%2F|%3F|%23|%40)[^&\s])*%40)?((?:(?!%3F|%23)[^&\s])*)(?:%(?:3F|23)[^&\s]*)?", re.IGNORECASE
)


def log_attempt(
    request: "httpx.Request",
    outcome: "httpx.Response | BaseException",
    *,
    path: str,
    duration: float,
    attempt: int = 1,
    retry_in: float | None = None,
    job_id: str | None = None,
) -> None:
    """Write the records of a request of httpx. ``path``: its template. ``duration``, ``retry_in``: seconds."""
    response = None if isinstance(outcome, BaseException) else outcome
    secrets = Secrets([request.headers.get(API_KEY_HEADER, "")]) if response is None else secrets_of(response)
    log_request(
        request.method,
        path,
        outcome=outcome if isinstance(outcome, BaseException) else outcome.status_code,
        headers={} if response is None else response.headers,
        secrets=secrets,
        duration=duration,
        attempt=attempt,
        retry_in=retry_in,
        job_id=job_id,
    )
    if logger.isEnabledFor(logging.DEBUG):
        import httpx

        try:
            sent = request.content
        except httpx.RequestNotRead:  # a form with files
            sent = None
        log_content(request.method, path, secrets, "sent", request.headers.items(), sent)
        if response is not None:
            log_content(request.method, path, secrets, "received", response.headers.items(), response.content)


def log_request(
    method: str,
    path: str,
    *,
    outcome: int | BaseException,
    headers: Mapping[str, str],
    secrets: Secrets,
    duration: float,
    attempt: int = 1,
    retry_in: float | None = None,
    job_id: str | None = None,
    v1_call: str | None = None,
) -> None:
    """Write the record of a request.

    ``path``: its template, without ids. ``outcome``: the status, or the exception in its place. ``headers``: of the
    response. ``duration``, ``retry_in``: seconds. ``v1_call``: the v1 call that was translated to this request.
    """
    identifier = request_id(headers, secrets)
    status, error = (outcome, None) if isinstance(outcome, int) else (None, type(outcome).__name__)
    path = secrets.redact(path)
    v1_call = None if v1_call is None else secrets.redact(v1_call)
    text = f"{method} {path} {error or status} in {duration:.3f} s"
    if attempt > 1 or retry_in is not None:
        text += f", attempt {attempt}"
    if identifier:
        text += f", request id {identifier}"
    if v1_call:
        text += f", for v1's {v1_call}"
    if retry_in is not None:
        text += f"; next attempt in {retry_in:.1f} s"
    fields: dict[str, Any] = {
        "method": method,
        "path": path,
        "status": status,
        "error": error,
        "duration": duration,
        "attempt": attempt,
        "retry_in": retry_in,
        "request_id": identifier,
        "job_id": None if job_id is None else secrets.redact(one_line(job_id)),
        "v1_call": v1_call,
    }
    logger.info("%s", one_line(text), extra=fields)


def log_content(
    method: str, path: str, secrets: Secrets, verb: str, headers: Iterable[tuple[str, str]], body: bytes | None
) -> None:
    """Write the DEBUG record of headers and body, without keys and without the queries of URLs.

    ``verb``: ``"sent"`` or ``"received"``. ``body``: None if it is a stream.
    """
    shown: dict[str, str] = {}
    content_type = ""
    for name, value in headers:
        lower = name.lower()
        shown[name] = "[hidden]" if any(word in lower for word in _SECRET_WORDS) else value
        if lower == "content-type":
            content_type = value.lower()
    content = _shown(body, content_type)
    text = secrets.redact(_without_queries(f"{method} {path} {verb} {shown} {content}"))
    logger.debug("%s", one_line(text), extra={"method": method, "path": path})


def _shown(body: bytes | None, content_type: str) -> str:
    if body is None:
        return "(a stream)"
    if not body:
        return "(no body)"
    if not any(kind in content_type for kind in _TEXTUAL):
        return f"({len(body)} bytes)"
    # A character may have four bytes. The dots tell the redaction that the text, and perhaps a key, was cut.
    text = body[: 4 * _MAX_BODY].decode("utf-8", "replace")
    if len(text) > _MAX_BODY or len(body) > 4 * _MAX_BODY:
        return f"{text[:_MAX_BODY]}... ({len(body)} bytes)"
    return text


def _without_queries(text: str) -> str:
    return _QUERY_IN_FORM.sub(r"\1\2", _QUERY.sub(r"\1\2", text))


class StandardErrorHandler(logging.Handler):
    """Writes to the standard error of the moment, unless the application has handlers of its own by then."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record."""
        if logging.getLogger().handlers:
            return  # they get the record, too
        try:
            if sys.stderr is not None:  # a program without a console
                sys.stderr.write(f"{self.format(record)}\n")
        except Exception:
            self.handleError(record)


_configured = False
_lock = threading.Lock()


def configure_from_environment() -> None:
    """Show the log if ``VIMMERSE_LOG`` is ``info`` or ``debug``. The first call decides, later ones do nothing.

    It changes nothing if the application has configured the logger ``vimmerse`` or ``vimmerse.http``. If there are
    handlers of the root logger, it sets the level only.
    """
    global _configured
    if _configured:
        return
    with _lock:
        is_first, _configured = not _configured, True
        name = os.environ.get(VARIABLE, "").strip()
        if not is_first or not name:
            return
        package = logging.getLogger("vimmerse")
        level = LEVELS.get(name.lower())
        if level is not None:
            _configure(package, level)
    if level is None:
        with suppress(Exception):  # a handler of the application's
            # The value is not shown: it may be a key, in the wrong variable.
            package.warning("%s must be info or debug; it is ignored", VARIABLE)


def _configure(package: logging.Logger, level: int) -> None:
    if any(each.handlers or each.level for each in (package, logger)):
        return
    package.setLevel(level)
    if not logging.getLogger().handlers:
        handler = StandardErrorHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        package.addHandler(handler)
