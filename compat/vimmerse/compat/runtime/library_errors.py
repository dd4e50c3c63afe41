"""A :class:`TranslationError` that is the HTTP library's own request error too.

Callers catch ``requests.exceptions.RequestException`` or ``httpx.RequestError``, and so must catch ours. A class for
each pair of an error class and a library is created on demand, so that no library is imported for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import Any, cast

from vimmerse.compat.core.errors import TranslationError
from vimmerse.compat.runtime.headers import SECRETS


def library_error(error: TranslationError, base: type[Exception], request: object) -> TranslationError:
    """Return the same error as an instance of ``base`` too, with the caller's own ``request``."""
    if isinstance(error, base):
        return error
    combined = _restore(type(error), base, error.message, error.arguments(), error.__dict__)
    combined.request = request
    combined.__cause__ = error.__cause__
    combined.__suppress_context__ = True
    return cast(TranslationError, combined.with_traceback(error.__traceback__))


#: What test tools raise instead of sending, by package and class.
_TEST_TOOL_ERRORS = {
    *(("vcr", "CannotOverwriteExistingCassetteException"), ("vcr", "CannotOverwriteExistingRequestException")),
    *(("pytest_socket", "SocketBlockedError"), ("pytest_socket", "SocketConnectBlockedError")),
    *(("respx", "AllMockedAssertionError"), ("requests_mock", "NoMockAddress")),
    ("vimmerse", "LiveCallError"),
    *(("betamax", "BetamaxError"), ("httpretty", "UnmockedError")),
}
#: Errors of the libraries that test tools raise: package, class, and how the text begins.
_TEST_TOOL_TEXTS = (
    ("requests", "ConnectionError", "Connection refused by Responses - "),
    ("httpx", "TimeoutException", "No response can be found for "),
    ("httpx2", "TimeoutException", "No response can be found for "),
    ("builtins", "RuntimeError", "Network is disabled"),  # pytest-recording
)


def nothing_sent(error: BaseException) -> bool:
    """Whether a test tool has raised this instead of sending: no matching cassette or mock, or no network."""
    for cause in _causes(error):
        if isinstance(cause, BaseExceptionGroup):  # of anyio's attempts to connect
            return all(map(nothing_sent, cause.exceptions))
        if _is_of_test_tool(cause):
            return True
    return False


def _is_of_test_tool(error: BaseException) -> bool:
    names = [(kind.__module__.partition(".")[0], kind.__name__) for kind in type(error).__mro__]
    if not _TEST_TOOL_ERRORS.isdisjoint(names):
        return True
    text = error.args[0] if error.args and isinstance(error.args[0], str) else ""
    return any(names[0] == (package, name) and text.startswith(start) for package, name, start in _TEST_TOOL_TEXTS)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it was raised from; not ``__context__``, which may be of an earlier attempt."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        # urllib3 and requests have the cause as an argument.
        argument = error.args[0] if error.args else None
        reason = getattr(argument, "reason", None)
        inner = reason if isinstance(reason, BaseException) else argument
        error = error.__cause__ or (inner if isinstance(inner, BaseException) else None)


_classes: dict[tuple[type, type], Any] = {}


def _combined_class(kind: type[TranslationError], base: type[Exception]) -> Any:  # two bases, known at run time
    if (known := _classes.get((kind, base))) is not None:
        return known

    def reduce(self: TranslationError) -> tuple[object, ...]:
        state = dict(self.__dict__)
        for name in ("request", "_request"):
            if state.get(name) is not None:
                state[name] = _without_secrets(state[name])
        return _restore, (kind, base, self.message, self.arguments(), state)

    # Named as the error that it is: a traceback should say StrictModeError.
    names = {"__module__": kind.__module__, "__qualname__": kind.__qualname__, "__doc__": kind.__doc__}
    # setdefault: of two threads, the second takes the class of the first.
    return _classes.setdefault((kind, base), type(kind.__name__, (kind, base), {**names, "__reduce__": reduce}))


def _without_secrets(request: Any) -> Any:  # a request of any library
    """Return a copy without the key, for where the request may be pickled to: a queue, a cache, a crash report."""
    duplicate = copy(request)
    duplicate.headers = request.headers.copy()
    for name in SECRETS:
        if name in duplicate.headers:
            duplicate.headers[name] = "[hidden]"
    return duplicate


def _restore(
    kind: type[TranslationError], base: type[Exception], message: str, arguments: Any, state: dict[str, Any]
) -> Any:  # an instance of both
    error = _combined_class(kind, base)(message, **arguments)
    error.__dict__.update(state)
    return error
