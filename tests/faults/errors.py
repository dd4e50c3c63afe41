"""The errors as docs/errors.md draws them: one tree, by whose fault it is, read from the classes themselves.

python -m tests.faults.errors           write it there
python -m tests.faults.errors --print   print it
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vimmerse.compat.core import errors as translation
from vimmerse.jobs import errors as jobs
from vimmerse.v2 import errors as api

from tests.faults.pages import Page

PAGE = Page(Path(__file__).resolve().parents[2] / "docs" / "errors.md", "python -m tests.faults.errors")


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of errors in the tree. ``made``: one of it, with everything that it can carry."""

    made: Exception
    below: Sequence[Kind] = ()

    @property
    def name(self) -> str:
        return type(self.made).__name__

    @property
    def about(self) -> str:
        """The first sentence of its docstring."""
        return (
            " ".join((type(self.made).__doc__ or "").split("\n\n")[0].split())
            .split(". ")[0]
            .rstrip(".")
            .replace("``", "`")
        )

    @property
    def carries(self) -> list[str]:
        """What can be read from it."""
        return sorted(vars(self.made))

    def all(self) -> Iterator[Kind]:
        """This one and those below it."""
        yield self
        for one in self.below:
            yield from one.all()


def _translation(kind: type[translation.TranslationError], *below: Kind) -> Kind:
    made = kind(
        "text", operation="POST /media", field="motion_type", job_ids=("m-1",), status=kind.status, code=kind.code
    )
    return Kind(made, below)


def _api(kind: type[api.ApiError], status: int, *below: Kind) -> Kind:
    made = kind(status, b"{}", None, message="text", code="CODE", method="GET", url="https://x.example/", headers={})
    return Kind(made, below)


def _job(kind: type[jobs.JobError], *below: Kind) -> Kind:
    return Kind(kind("text", job_id="m-1", kind="media", status="failed"), below)


TREES: Mapping[str, Kind] = {
    "The policy, or an answer that is none": _translation(
        translation.TranslationError,
        _translation(translation.StrictModeError),
        _translation(translation.CreditLimitError),
        _translation(translation.UpstreamError),
    ),
    "The server's answer": _api(
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
    "The webhook": Kind(jobs.WebhookError("text", status=413)),
}

#: Whose fault it is, and so whose turn.
FAULT: Mapping[str, str] = {
    "TranslationError": "yours, or the server's",
    "StrictModeError": "yours: the policy",
    "CreditLimitError": "yours: the policy",
    "UpstreamError": "the server's",
    "ApiError": "yours: the base URL redirects, or a 4xx without a class",
    "BadRequestError": "yours: the call",
    "AuthenticationError": "yours: the key",
    "InsufficientCreditError": "yours: the account",
    "NotFoundError": "yours: the id",
    "ValidationError": "yours: the field that it names",
    "RateLimitError": "nobody's: later",
    "ServerError": "the server's",
    "InvalidAnswerError": "the server's",
    "JobError": "see below it",
    "JobFailedError": "the job's",
    "JobCancelledError": "whoever cancelled it",
    "JobTimeoutError": "nobody's: wait again",
    "JobLookupError": "yours: the id or the key",
    "DownloadError": "the file's host, or your disk",
    "WebhookError": "whoever posted it",
}

#: Beside our own: what the standard library and the HTTP libraries raise, and when.
FOREIGN = (
    ("TypeError, ValueError", "an argument makes no sense; nothing was sent"),
    ("httpx.TransportError", "no answer: `vimmerse.v2`, CompatClient and the httpx transports"),
    ("requests.exceptions.RequestException", "no answer: the requests adapter"),
    ("FileExistsError, IsADirectoryError, …", "a download's path can't be used; nothing was asked for"),
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
    """One row a class: what it means, its status and code, what it carries."""
    rows = [["Class", "When", "Whose fault", "status", "code", "Carries"], ["---"] * 6]
    for kind in TREES.values():
        for one in kind.all():
            made = one.made
            status, code = "", ""
            if isinstance(made, api.ApiError):
                status, code = "the answer's", "the answer's, or None"
            elif isinstance(made, translation.TranslationError):
                status, code = str(made.status), f"`{made.code}`"
            elif isinstance(made, jobs.JobError):
                status = "the job's, as text"
            elif isinstance(made, jobs.WebhookError):
                status = "400 or 413"
            carries = ", ".join(f"`{name}`" for name in one.carries)
            rows.append([f"`{one.name}`", one.about, FAULT[one.name], status, code, carries])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def text() -> str:
    """The generated part of the page."""
    return f"```text\n{drawing()}\n```\n\n{details()}\n"


if __name__ == "__main__":
    sys.exit(PAGE.main(text))
