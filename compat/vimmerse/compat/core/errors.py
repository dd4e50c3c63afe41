"""Errors that the compat layer itself raises, by whose fault they are.

    TranslationError            a v1 call that this policy does not let through
    ├── StrictModeError         strict mode: the call would lose something, or v2 can't do it at all
    ├── CreditLimitError        Policy(max_credits=...): the estimate is above the limit
    └── UpstreamError           the server's answer can't be understood (an HTML page, a redirect)

Each carries a status hint and a code of its own, so the gateway needs no table: it answers with
``error.status`` and ``error.payload()``, which has v1's shape. All of them pickle and deep-copy.
The Python doors raise them as the library's own request error too (``vimmerse.compat.adapters``).
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in children.py, which each Python process below `vimmerse run` loads at its start
if TYPE_CHECKING:
    from vimmerse.compat.core.redaction import Secrets

#: What to know of a paid request whose answer is missing or can't be read.
MAY_EXIST = "The job may have been created, and charged: look before you send it again."


class CompatWarning(Warning):
    """Common base of the three warnings of :mod:`vimmerse.compat.runtime.warnings`, for filters."""


class TranslationError(Exception):
    """A v1 call was not made. Nothing paid was sent, unless ``job_ids`` names what was."""

    status = 400
    code = "TRANSLATION_ERROR"

    def __init__(
        self,
        message: str,
        *,
        operation: str = "",
        field: str = "",
        job_ids: tuple[str, ...] = (),
        status: int | None = None,
        code: str | None = None,
    ) -> None:
        from vimmerse.compat.core.redaction import one_line

        message = one_line(message)
        super().__init__(message)
        self.message = message
        self.operation = operation
        self.field = one_line(field)
        self.job_ids = job_ids
        if status is not None:
            self.status = status
        if code is not None:
            self.code = code

    def redact(self, secrets: Secrets) -> None:
        """Take the keys of a call out of the text."""
        self.message, self.field = secrets.redact(self.message), secrets.redact(self.field)
        self.operation = secrets.redact(self.operation)
        self.args = (self.message,)

    def arguments(self) -> dict[str, object]:
        """The keyword arguments that make an equal error."""
        return {
            "operation": self.operation,
            "field": self.field,
            "job_ids": self.job_ids,
            "status": self.status,
            "code": self.code,
        }

    def payload(self) -> dict[str, object]:
        """The error as a v1 answer's JSON: v1's ``message`` is the code."""
        found: dict[str, object] = {"message": self.code, "detail": self.message, "code": self.code}
        if self.field:
            found["field"] = self.field
        if self.job_ids:
            found["created_ids"] = list(self.job_ids)
        return found

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message, self.arguments(), dict(self.__dict__))


def _rebuild(
    cls: type[TranslationError], message: str, arguments: dict[str, object], state: dict[str, object]
) -> TranslationError:
    error = cls(message, **arguments)  # type: ignore[arg-type]  # they came from arguments() of the same class
    error.__dict__.update(state)
    return error


class StrictModeError(TranslationError):
    """Strict mode: a field would be approximated or dropped, or the whole call is unsupported."""

    code = "NOT_TRANSLATABLE"


class CreditLimitError(TranslationError):
    """The estimate is above ``Policy(max_credits=...)``. Nothing was sent."""

    status = 402
    code = "CREDIT_LIMIT"


class UpstreamError(TranslationError):
    """The server answered with something that is no v2 answer; ``status`` is 502 unless it sent an error."""

    status = 502
    code = "BAD_UPSTREAM_ANSWER"
