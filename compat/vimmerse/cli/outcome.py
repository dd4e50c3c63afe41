"""How a command ends: its exit code, and an error as one line that says what to do next.

0    done
1    the job failed or was cancelled at the server; `check`: there are v1 calls
2    the command line or a setting makes no sense, a local file stands in the way, or the output can't be written;
     `check`: a path can't be read
3    the API refused the call, or has no such story or media
4    no answer: the network, or the host of a file
5    not finished: the wait's deadline came, or there is no file yet
6    not sent: above the credit limit, declined at the question, or refused by strict mode
70   a fault in this program
130  stopped by Ctrl-C
141  standard output was closed
143  stopped by SIGTERM
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

DONE, FAILED, USAGE, REFUSED, NETWORK, UNFINISHED, NOT_SENT = range(7)
FAULT, INTERRUPTED, CLOSED, TERMINATED = 70, 130, 141, 143

Kind = Literal["story", "media"]


class Stop(Exception):
    """Ends a command with this code and text."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass
class Course:
    """How far a command has come, so that whatever ends it can say what is left behind.

    ``stage``: nothing was sent; a call is being sent that may not be sent twice; the job is there; it is finished.
    ``path``: where its file is to go.
    """

    kind: Kind | None = None
    id: str = ""
    stage: Literal["reading", "unsent", "sending", "made", "finished"] = "reading"
    path: str = ""

    def left(self) -> str:
        """What to know, and to do, when a command ends early."""
        if self.stage == "unsent":
            return "Nothing was created and nothing was charged."
        if self.stage == "sending":
            return "It may have been carried out, and charged: look before you send it again."
        if self.stage == "made":
            return f"The {self.kind} {self.id} goes on at the server. To go on waiting, which is free: {self.again()}"
        if self.stage == "finished":
            return f"The {self.kind} {self.id} is finished. For its file: {self.fetch()}"
        return ""

    def again(self) -> str:
        """The command that goes on waiting."""
        return f"vimmerse wait {self.kind} {self.id}" + (f" --download {_quoted(self.path)}" if self.path else "")

    def fetch(self) -> str:
        """The command that fetches its file."""
        return f"vimmerse download {self.kind} {self.id}" + (f" {_quoted(self.path)}" if self.path else "")


def _quoted(path: str) -> str:
    import shlex

    return shlex.quote(path)


@dataclass(frozen=True)
class Problem:
    """An error as it is told: the exit code, one line, and what a program may want to know of it."""

    code: int
    text: str
    details: Mapping[str, object] = field(default_factory=dict)

    def document(self, course: Course) -> dict[str, object]:
        """The error as a JSON document."""
        found: dict[str, object] = {"exit_code": self.code, "message": self.text, **self.details}
        if course.id:
            found |= {"kind": course.kind, "id": course.id}
        return {"error": found}


def problem(error: BaseException, course: Course) -> Problem:
    """What to tell of an error."""
    if isinstance(error, Stop):
        return Problem(error.code, str(error))
    if isinstance(error, KeyboardInterrupt):
        from vimmerse.cli.stopping import Terminated

        code = TERMINATED if isinstance(error, Terminated) else INTERRUPTED
        return Problem(code, f"Stopped. {course.left()}".strip())
    from vimmerse.jobs import errors as jobs
    from vimmerse.v2 import errors as api

    if isinstance(error, jobs.JobError):
        return _of_job(error, course)
    if isinstance(error, jobs.DownloadError):
        return _of_download(error, course)
    if isinstance(error, api.ApiError):
        return _of_api(error, course)
    from vimmerse.compat.core.errors import TranslationError

    if isinstance(error, TranslationError):
        return Problem(NOT_SENT, error.message, {"code": error.code})
    import httpx

    if isinstance(error, httpx.TransportError):
        return _of_network(error, course)
    if isinstance(error, OSError):
        place = "" if error.filename is None else f"{error.filename}: "
        return Problem(USAGE, f"{place}{error.strerror or error}. {course.left()}".strip())
    text = f"a fault in this program: {type(error).__name__}: {error}. {course.left()}".rstrip()
    return Problem(FAULT, f"{text} Run it again with --debug for the place of the fault.")


def _of_job(error: Exception, course: Course) -> Problem:
    from vimmerse.jobs.errors import JobError, JobLookupError, JobTimeoutError

    assert isinstance(error, JobError)
    if isinstance(error, JobLookupError):
        cause = error.__cause__
        if error.http_status == 404:
            other = "media" if course.kind == "story" else "story"
            text = (
                f"There is no {course.kind} {course.id}: it was deleted, is another account's, or is a {other} "
                f"(then: vimmerse wait {other} {course.id})."
            )
            return Problem(REFUSED, text, {"status": 404})
        if cause is not None:
            return problem(cause, course)
    if isinstance(error, JobTimeoutError):
        # What it says next is how to go on in Python.
        seen = error.message.partition(" To go on waiting")[0]
        text = f"{seen} To go on waiting, which is free: {course.again()} --wait-timeout SECONDS"
        return Problem(UNFINISHED, text, {"job_status": error.status})
    return Problem(FAILED, error.message, {"job_status": error.status})


def _of_download(error: Exception, course: Course) -> Problem:
    from vimmerse.jobs.errors import DownloadError

    assert isinstance(error, DownloadError)
    # What it says last is how to go on in Python.
    seen = error.message.partition(" Call download() again")[0]
    status = error.http_status
    if isinstance(error.__cause__, OSError):
        code = USAGE
    else:
        code = REFUSED if status is not None and 400 <= status < 500 and status != 429 else NETWORK
    details: dict[str, object] = {} if status is None else {"status": status}
    return Problem(code, f"{seen} To try again: {course.fetch()}", details)


def _of_api(error: Exception, course: Course) -> Problem:
    from vimmerse.v2 import errors as api

    assert isinstance(error, api.ApiError)
    status = error.status
    if isinstance(error, api.AuthenticationError):
        hint = "Check VIMMERSE_API_KEY, or the file of --api-key-file."
    elif isinstance(error, api.InsufficientCreditError):
        hint = "Add credits, or ask for less: `vimmerse estimate` computes prices."
    elif isinstance(error, api.NotFoundError):
        hint = "Check the id, and whether it is a story or a media."
    elif isinstance(error, api.RateLimitError):
        after = error.headers.get("retry-after", "")
        hint = f"Try again in {after} seconds." if after.isdecimal() else "Try again later."
    elif status >= 500 or 200 <= status < 300:
        hint = course.left() or "Try again later."
    elif 300 <= status < 400:
        hint = "Give the API's own address as --base-url or VIMMERSE_BASE_URL."
    else:
        hint = "Correct the fields; --help of the command lists them."
    text = str(error)
    details: dict[str, object] = {"status": status}
    if error.code is not None:
        details["code"] = error.code
    return Problem(REFUSED, f"{text if text.endswith('.') else text + '.'} {hint}", details)


def _of_network(error: Exception, course: Course) -> Problem:
    import httpx

    assert isinstance(error, httpx.TransportError)
    try:
        place = f" from {error.request.url.host}"
    except RuntimeError:  # it came before there was a request
        place = ""
    # Only a connection that never came to be has surely carried nothing to the server.
    take_notices = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    if course.stage == "sending" and take_notices:
        course.stage = "unsent"
    why = f"{type(error).__name__}: {error}".removesuffix(": ").rstrip(".")
    hint = course.left() or "Check the connection and --base-url, then try again."
    return Problem(NETWORK, f"No answer{place} ({why}). {hint}")


def one_line(text: str, secret: str = "") -> str:
    """``text`` without line breaks, control characters and the secret."""
    if secret:
        text = text.replace(secret, "***")
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
