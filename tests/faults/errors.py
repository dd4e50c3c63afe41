"""The tree and the table of errors in docs/errors.md, generated from the classes.

python -m tests.faults.errors           write it there
python -m tests.faults.errors --print   print it
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vimmerse.batch import errors as batch
from vimmerse.compat.core import errors as translation
from vimmerse.jobs import errors as jobs
from vimmerse.v2 import errors as api

from tests.faults.pages import Page

PAGE = Page(Path(__file__).resolve().parents[2] / "docs" / "errors.md", "python -m tests.faults.errors")


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of errors in the tree, with an instance that has every attribute."""

    example: Exception
    below: Sequence[Kind] = ()

    @property
    def name(self) -> str:
        return type(self.example).__name__

    @property
    def about(self) -> str:
        """The first sentence of its docstring."""
        return (
            " ".join((type(self.example).__doc__ or "").split("\n\n")[0].split())
            .split(". ")[0]
            .rstrip(".")
            .replace("``", "`")
        )

    @property
    def carries(self) -> list[str]:
        """The names of its attributes."""
        return sorted(vars(self.example))

    def all(self) -> Iterator[Kind]:
        """This class and its subclasses."""
        yield self
        for one in self.below:
            yield from one.all()


def _translation(kind: type[translation.TranslationError], *below: Kind) -> Kind:
    example = kind(
        "text", operation="POST /media", field="motion_type", job_ids=("m-1",), status=kind.status, code=kind.code
    )
    return Kind(example, below)


def _api(kind: type[api.ApiError], status: int, *below: Kind) -> Kind:
    example = kind(status, b"{}", None, message="text", code="CODE", method="GET", url="https://x.example/", headers={})
    return Kind(example, below)


def _job(kind: type[jobs.JobError], *below: Kind) -> Kind:
    return Kind(kind("text", job_id="m-1", kind="media", status="failed"), below)


def _batch(kind: type[batch.BatchError], *below: Kind, **attributes: None) -> Kind:
    example = kind("text")
    vars(example).update(attributes)
    return Kind(example, below)


TREES: Mapping[str, Kind] = {
    "The policy, or an invalid response": _translation(
        translation.TranslationError,
        _translation(translation.StrictModeError),
        _translation(translation.CreditLimitError),
        _translation(translation.UpstreamError),
    ),
    "The server's response": _api(
        api.ApiError,
        300,
        _api(api.BadRequestError, 400),
        _api(api.AuthenticationError, 401),
        _api(api.InsufficientCreditError, 402),
        _api(api.NotFoundError, 404),
        _api(api.ValidationError, 422),
        _api(api.RateLimitError, 429),
        _api(api.ServerError, 500),
        _api(api.InvalidAnswerError, 200),
    ),
    "The job": _job(
        jobs.JobError,
        _job(jobs.JobFailedError),
        _job(jobs.JobCancelledError),
        _job(jobs.JobTimeoutError),
        Kind(jobs.JobLookupError("text", job_id="m-1", kind="media", http_status=404)),
    ),
    "The file": Kind(jobs.DownloadError("text", url="https://x.example/1.mp4", http_status=403, job_id="m-1")),
    "A batch": _batch(
        batch.BatchError,
        _batch(batch.LedgerError),
        _batch(batch.LedgerNotFoundError),
        _batch(batch.KeyConflictError),
        _batch(batch.BudgetError),
        _batch(batch.AlreadyPaidError, job=None),
        _batch(batch.AmbiguousError, job=None),
        _batch(batch.BatchStoppedError, summary=None),
        _batch(batch.TableError),
    ),
    "The webhook": Kind(jobs.WebhookError("text", status=413)),
}

#: Who can correct it.
CAUSE: Mapping[str, str] = {
    "TranslationError": "you, or the server",
    "StrictModeError": "you: the policy",
    "CreditLimitError": "you: the policy",
    "UpstreamError": "the server",
    "ApiError": "you: the base URL redirects, or a 4xx without a class",
    "BadRequestError": "you: the call",
    "AuthenticationError": "you: the key",
    "InsufficientCreditError": "you: the account",
    "NotFoundError": "you: the id",
    "ValidationError": "you: the field that it names",
    "RateLimitError": "none: try again later",
    "ServerError": "the server",
    "InvalidAnswerError": "the server",
    "JobError": "see its subclasses",
    "JobFailedError": "the job",
    "JobCancelledError": "whoever cancelled it",
    "JobTimeoutError": "none: wait again",
    "JobLookupError": "you: the id or the key",
    "DownloadError": "the file's host, or your disk",
    "BatchError": "see its subclasses",
    "LedgerError": "you: the database",
    "LedgerNotFoundError": "you: the location",
    "KeyConflictError": "you: the rows",
    "BudgetError": "you: the budget",
    "AlreadyPaidError": "none: go on with `job.job_id`",
    "AmbiguousError": "you: settle the job",
    "BatchStoppedError": "see `__cause__`",
    "TableError": "you: the table",
    "WebhookError": "whoever posted it",
}

#: Exceptions of the standard library and the HTTP libraries, and when they are raised.
FOREIGN = (
    ("TypeError, ValueError", "an argument is invalid; nothing was sent"),
    ("httpx.TransportError", "no response: `vimmerse.v2`, CompatClient and the httpx transports"),
    ("requests.exceptions.RequestException", "no response: the requests adapter"),
    ("FileExistsError, IsADirectoryError, …", "a download can't use its path; nothing was sent"),
)


def drawing() -> str:
    """The tree as text."""
    lines = ["Exception"]
    for title, kind in TREES.items():
        lines.append(f"├── {kind.name:<28}{title.lower()}")
        for number, one in enumerate(kind.below, 1):
            corner = "└──" if number == len(kind.below) else "├──"
            lines.append(f"│   {corner} {one.name}")
    for number, (name, about) in enumerate(FOREIGN, 1):
        corner = "└──" if number == len(FOREIGN) else "├──"
        lines.append(f"{corner} {name}: {about}")
    return "\n".join(lines)


def details() -> str:
    """One row for each class: its meaning, status, code and attributes."""
    rows = [["Class", "When", "Cause", "status", "code", "Attributes"], ["---"] * 6]
    for kind in TREES.values():
        for one in kind.all():
            example = one.example
            status, code = "", ""
            if isinstance(example, api.ApiError):
                status, code = "the response's", "the response's, or None"
            elif isinstance(example, translation.TranslationError):
                status, code = str(example.status), f"`{example.code}`"
            elif isinstance(example, jobs.JobError):
                status = "the job's, as text"
            elif isinstance(example, jobs.WebhookError):
                status = "400 or 413"
            carries = ", ".join(f"`{name}`" for name in one.carries)
            rows.append([f"`{one.name}`", one.about, CAUSE[one.name], status, code, carries])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def text() -> str:
    """The generated part of the page."""
    return f"```text\n{drawing()}\n```\n\n{details()}\n"


if __name__ == "__main__":
    sys.exit(PAGE.main(text))
