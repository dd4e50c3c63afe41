"""One log record for each request, of the logger ``vimmerse.http``."""

import logging
from typing import Any

logger = logging.getLogger("vimmerse.http")


def log_request(
    method: str,
    path: str,
    *,
    status: int | None = None,
    error: BaseException | None = None,
    duration: float,
    attempt: int = 1,
    request_id: str | None = None,
    retry_in: float | None = None,
) -> None:
    """Write the record of a request.

    ``path``: its template, without ids. ``duration``, ``retry_in``: seconds.
    """
    outcome = type(error).__name__ if error is not None else str(status)
    text = f"{method} {path} {outcome} in {duration:.3f} s, attempt {attempt}"
    if request_id:
        text += f", request id {request_id}"
    if retry_in is not None:
        text += f"; next attempt in {retry_in:.1f} s"
    extra: dict[str, Any] = {
        "method": method,
        "path": path,
        "status": status,
        "error": None if error is None else type(error).__name__,
        "duration": duration,
        "attempt": attempt,
        "request_id": request_id,
    }
    logger.info("%s", text, extra=extra)
