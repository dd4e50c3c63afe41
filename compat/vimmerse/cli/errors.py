"""Error messages: every error becomes an exit code and one line that says what to do next."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import click
from vimmerse.cli import exit_codes

if TYPE_CHECKING:
    import httpx
    from vimmerse.jobs.errors import DownloadError, JobError
    from vimmerse.v2.errors import ApiError

JobKind = Literal["story", "media"]


class CommandError(click.ClickException):
    """Ends a command with this exit code and message."""

    def __init__(self, exit_code: int, message: str) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # click declares it for classes of errors


@dataclass
class JobContext:
    """The job that a command is about, and how far it is."""

    kind: JobKind | None = None
    id: str = ""
    # reading: the command creates nothing; sending: a call that may cost credits may have reached the server.
    stage: Literal["reading", "unsent", "sending", "created", "finished"] = "reading"
    path: str = ""  # where the result is to be saved

    def hint(self) -> str:
        """Return what to say about the job after an error, and how to continue."""
        if self.stage == "unsent":
            return "Nothing was created and nothing was charged."
        if self.stage == "sending":
            return "It may have been carried out and charged: check before you send it again."
        if self.stage == "created":
            return f"The {self.kind} {self.id} continues on the server. To keep waiting (free): {self.wait_command()}"
        if self.stage == "finished":
            return f"The {self.kind} {self.id} is finished. To download it: {self.download_command()}"
        return ""

    def wait_command(self) -> str:
        return f"vimmerse wait {self.kind} {self.id}" + (f" --download {_quote(self.path)}" if self.path else "")

    def download_command(self) -> str:
        return f"vimmerse download {self.kind} {self.id}" + (f" {_quote(self.path)}" if self.path else "")


def _quote(path: str) -> str:
    from shlex import quote

    return quote(path)


@dataclass(frozen=True)
class ErrorReport:
    """An error as it is shown. ``details``: further members of the JSON document; None for no document."""

    exit_code: int
    message: str
    details: Mapping[str, object] | None = field(default_factory=dict)

    def document(self, job: JobContext) -> dict[str, object]:
        members: dict[str, object] = {"exit_code": self.exit_code, "message": self.message, **(self.details or {})}
        if job.id:
            members |= {"kind": job.kind, "id": job.id}
        return {"error": members}


def report_of(error: BaseException, job: JobContext) -> ErrorReport:
    if isinstance(error, CommandError):
        return ErrorReport(error.exit_code, error.message)
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx is not None else "vimmerse"
        message = error.format_message().rstrip(".")
        end = "" if message.endswith("?") else "."
        return ErrorReport(exit_codes.USAGE, f"{message}{end} See: {command} --help", None)
    if isinstance(error, KeyboardInterrupt):
        from vimmerse.cli.signals import Terminated

        exit_code = exit_codes.TERMINATED if isinstance(error, Terminated) else exit_codes.INTERRUPTED
        return ErrorReport(exit_code, f"Stopped. {job.hint()}".rstrip())
    if isinstance(error, BrokenPipeError):
        # The id of a paid job must be shown even now; lost output of any other kind is not worth a message.
        unread = job.stage in ("sending", "created")
        return ErrorReport(exit_codes.CLOSED, f"Standard output is closed. {job.hint()}" if unread else "", None)
    from vimmerse.batch.errors import BatchError, BudgetError

    if isinstance(error, BatchError):
        # The notes name ids that could not be recorded.
        message = " ".join([str(error), *getattr(error, "__notes__", ())])
        return ErrorReport(exit_codes.NOT_SENT if isinstance(error, BudgetError) else exit_codes.USAGE, message)
    if isinstance(error, ImportError) and "pip install" in str(error):
        return ErrorReport(exit_codes.USAGE, str(error))
    import httpx
    from vimmerse.compat.core.errors import TranslationError
    from vimmerse.jobs.errors import DownloadError, JobError
    from vimmerse.v2.errors import ApiError

    if isinstance(error, JobError):
        return _job_report(error, job)
    if isinstance(error, DownloadError):
        return _download_report(error, job)
    if isinstance(error, ApiError):
        return _api_report(error, job)
    if isinstance(error, TranslationError):
        return ErrorReport(exit_codes.NOT_SENT, error.message, {"code": error.code})
    if isinstance(error, httpx.TransportError):
        return _network_report(error, job)
    if isinstance(error, OSError):
        place = "" if error.filename is None else f"{error.filename}: "
        return ErrorReport(exit_codes.USAGE, f"{place}{error.strerror or error}. {job.hint()}".rstrip())
    text = f"a bug in this program: {type(error).__name__}: {error}. {job.hint()}".rstrip()
    return ErrorReport(exit_codes.BUG, f"{text} Run it again with --debug for the traceback.")


def _job_report(error: JobError, job: JobContext) -> ErrorReport:
    from vimmerse.jobs.errors import JobLookupError, JobTimeoutError

    if isinstance(error, JobLookupError):
        if error.http_status == 404:
            other = "media" if job.kind == "story" else "story"
            text = (
                f"There is no {job.kind} {job.id}: it was deleted, belongs to another account, or is a {other} "
                f"(then: vimmerse wait {other} {job.id})."
            )
            return ErrorReport(exit_codes.REJECTED, text, {"status": 404})
        if error.__cause__ is not None:
            return report_of(error.__cause__, job)
    if isinstance(error, JobTimeoutError):
        # Its message ends with how to continue in Python.
        reason = error.message.partition(" To go on waiting")[0]
        text = f"{reason} To keep waiting (free): {job.wait_command()} --wait-timeout SECONDS"
        return ErrorReport(exit_codes.UNFINISHED, text, {"job_status": error.status})
    return ErrorReport(exit_codes.FAILED, error.message, {"job_status": error.status})


def _download_report(error: DownloadError, job: JobContext) -> ErrorReport:
    status = error.http_status
    rejected = status is not None and 400 <= status < 500 and status != 429
    exit_code = exit_codes.REJECTED if rejected else exit_codes.NETWORK
    if isinstance(error.__cause__, OSError):  # of the local file
        exit_code = exit_codes.USAGE
    # Its message ends with how to continue in Python.
    reason = error.message.partition(" Call download() again")[0]
    text = f"{reason} To try again: {job.download_command()}"
    return ErrorReport(exit_code, text, {} if status is None else {"status": status})


_STATUS_HINTS = {
    401: "Check VIMMERSE_API_KEY, or the file of --api-key-file.",
    402: "Add credits, or ask for less: `vimmerse estimate` computes prices.",
    403: "Check VIMMERSE_API_KEY, or the file of --api-key-file.",
    404: "Check the id, and whether it is a story or a media.",
    429: "Try again later.",
}


def _api_report(error: ApiError, job: JobContext) -> ErrorReport:
    if error.status == 429 and error.retry_after is not None:
        hint = f"Try again in {math.ceil(error.retry_after)} seconds."
    elif error.status >= 500 or 200 <= error.status < 300:
        hint = job.hint() or "Try again later."
    elif 300 <= error.status < 400:
        hint = "Set --base-url or VIMMERSE_BASE_URL to the API's own address."
    else:
        hint = _STATUS_HINTS.get(error.status, "Correct the fields; the command's --help lists them.")
    details = {"status": error.status} | ({} if error.code is None else {"code": error.code})
    return ErrorReport(exit_codes.REJECTED, f"{error.summary}. {hint}", details)


def _network_report(error: httpx.TransportError, job: JobContext) -> ErrorReport:
    import httpx

    try:
        place = f" from {error.request.url.host}"
    except RuntimeError:  # it happened before there was a request
        place = ""
    # Without a connection, nothing has reached the server.
    unconnected = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    if job.stage == "sending" and unconnected:
        job.stage = "unsent"
    reason = f"{type(error).__name__}: {error}".removesuffix(": ").rstrip(".")
    hint = job.hint() or "Check the connection and --base-url, then try again."
    return ErrorReport(exit_codes.NETWORK, f"No response{place} ({reason}). {hint}")


def one_line(text: str, secrets: Iterable[str] = ()) -> str:
    """Return ``text`` on one line, without control characters, and with secrets masked."""
    text = masked(text, secrets)
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def masked(text: str, secrets: Iterable[str]) -> str:
    """Return ``text`` with secrets masked."""
    for secret in secrets:
        text = text.replace(secret, "***")
    return text
