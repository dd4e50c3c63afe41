"""Errors that the compat layer itself raises.

    TranslationError            a v1 call that the policy does not allow
    ├── StrictModeError         strict mode: the call would lose something, or v2 can't do it at all
    ├── CreditLimitError        Policy(max_credits=...): the estimate is above the limit
    └── UpstreamError           the server's response can't be understood (an HTML page, a redirect)

Each has a status and a code: the gateway responds with ``error.status`` and ``error.payload()``, in v1's format. All
can be pickled and copied. The integrations for HTTP libraries raise them as the library's own request error too.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in children.py, which loads this module in each Python process of `vimmerse run`
if TYPE_CHECKING:
    from vimmerse._http.redaction import Secrets

#: What to say about a paid request whose response is missing or can't be read.
MAY_EXIST = "The job may have been created, and charged: check before you send it again."


class CompatWarning(Warning):
    """Base of the three warnings of :mod:`vimmerse.compat.runtime.warnings`, for filters."""


class TranslationError(Exception):
    """A v1 call was rejected, or its response can't be understood. Only the jobs in ``job_ids`` were paid for.

    The message says what to do next, and never contains a key.

    ``status``, ``code``: as in the response that the gateway gives: the HTTP status, and a name of the error.
    ``operation``: the v1 call, such as ``POST /story``; empty if it is not known.
    ``field``: the v1 field that is the reason; empty if there is none.
    ``job_ids``: the stories and media that exist.
    """

    status: int = 400
    code: str = "TRANSLATION_ERROR"

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
        from vimmerse._http.redaction import one_line

        message = one_line(message)
        super().__init__(message)
        self.message: str = message
        self.operation: str = operation
        self.field: str = one_line(field)
        self.job_ids = job_ids
        if status is not None:
            self.status = status
        if code is not None:
            self.code = code

    def redact(self, secrets: Secrets) -> None:
        """Remove the keys of a call, its ``secrets``, from the message."""
        self.message, self.field = secrets.redact(self.message), secrets.redact(self.field)
        self.operation = secrets.redact(self.operation)
        self.args: tuple[object, ...] = (self.message,)

    def arguments(self) -> dict[str, object]:
        """Return the keyword arguments that create an equal error."""
        return {name: getattr(self, name) for name in ("operation", "field", "job_ids", "status", "code")}

    def payload(self) -> dict[str, object]:
        """Return the error as the JSON of a v1 response, whose ``message`` is the code."""
        payload: dict[str, object] = {"message": self.code, "detail": self.message, "code": self.code}
        if self.field:
            payload["field"] = self.field
        if self.job_ids:
            payload["created_ids"] = list(self.job_ids)
        return payload

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message, self.arguments(), dict(self.__dict__))


def _rebuild(
    cls: type[TranslationError], message: str, arguments: dict[str, object], state: dict[str, object]
) -> TranslationError:
    error = cls(message, **arguments)  # type: ignore[arg-type]  # they came from arguments() of the same class
    error.__dict__.update(state)
    return error


class StrictModeError(TranslationError):
    """Strict mode: a field would be approximated or dropped, or v2 does not support the call."""

    code = "NOT_TRANSLATABLE"


class CreditLimitError(TranslationError):
    """The estimate is above ``Policy(max_credits=...)``. Nothing was sent."""

    status = 402
    code = "CREDIT_LIMIT"


class UpstreamError(TranslationError):
    """The response is not one of v2; ``status`` is 502 unless the server sent an error status."""

    status = 502
    code = "BAD_UPSTREAM_ANSWER"
