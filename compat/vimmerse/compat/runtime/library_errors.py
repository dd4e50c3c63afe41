"""A :class:`TranslationError` that is the HTTP library's own request error too.

Callers catch ``requests.exceptions.RequestException`` or ``httpx.RequestError``; ours must be among those. The
classes are made on demand, one for each error class and library, so that no library is imported for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import Any, cast

from vimmerse.compat.core.errors import TranslationError
from vimmerse.compat.runtime.headers import SECRETS


def library_error(error: TranslationError, base: type[Exception], request: object) -> TranslationError:
    """The same error, an instance of ``base`` as well, with the caller's own ``request``."""
    if isinstance(error, base):
        return error
    made = _class(type(error), base)(error.message, **_keywords(error))
    made.__dict__.update(error.__dict__)
    made.request = request
    made.__cause__ = error.__cause__
    made.__suppress_context__ = True
    return cast(TranslationError, made.with_traceback(error.__traceback__))


#: What test tools raise in place of sending, by package and class.
_UNSENT = frozenset(
    {
        ("vcr", "CannotOverwriteExistingCassetteException"),
        ("vcr", "CannotOverwriteExistingRequestException"),
        ("respx", "AllMockedAssertionError"),
        ("requests_mock", "NoMockAddress"),
        ("pytest_socket", "SocketBlockedError"),
        ("pytest_socket", "SocketConnectBlockedError"),
        ("betamax", "BetamaxError"),
        ("httpretty", "UnmockedError"),
    }
)
#: Those that raise the library's own: by the package and the class of that, and how the text begins.
_UNSENT_TEXTS = (
    ("requests", "ConnectionError", "Connection refused by Responses - "),
    ("httpx", "TimeoutException", "No response can be found for "),
    ("httpx2", "TimeoutException", "No response can be found for "),
    ("builtins", "RuntimeError", "Network is disabled"),  # pytest-recording
)


def nothing_sent(error: BaseException) -> bool:
    """Whether a test tool has raised this since it had no answer: a cassette or mock without a match, no network."""
    for cause in _causes(error):
        if isinstance(cause, BaseExceptionGroup):  # anyio's, of its attempts to connect
            return all(map(nothing_sent, cause.exceptions))
        if _is_of_a_tool(cause):
            return True
    return False


def _is_of_a_tool(error: BaseException) -> bool:
    names = {(kind.__module__.partition(".")[0], kind.__name__) for kind in type(error).__mro__}
    if not _UNSENT.isdisjoint(names):
        return True
    text = error.args[0] if error.args and isinstance(error.args[0], str) else ""
    kind = type(error)
    place = kind.__module__.partition(".")[0], kind.__name__
    return any(place == (package, name) and text.startswith(begin) for package, name, begin in _UNSENT_TEXTS)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it was explicitly raised from. Not ``__context__``: that may be of an attempt before it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        # urllib3 and requests carry the cause as an argument.
        reason = getattr(error.args[0], "reason", None) if error.args else None
        inner = reason if isinstance(reason, BaseException) else error.args[0] if error.args else None
        error = error.__cause__ or (inner if isinstance(inner, BaseException) else None)


_classes: dict[tuple[type, type], Any] = {}  # each a class of two bases that are known at run time


def _class(kind: type[TranslationError], base: type[Exception]) -> Any:  # as above
    if (known := _classes.get((kind, base))) is not None:
        return known

    def reduce(self: TranslationError) -> tuple[object, ...]:
        state = dict(self.__dict__)
        for name in ("request", "_request"):
            if state.get(name) is not None:
                state[name] = _without_secrets(state[name])
        return _revive, (kind, base, self.message, self.arguments(), state)

    # Named as the error that it is: a traceback should say StrictModeError.
    names = {"__module__": kind.__module__, "__qualname__": kind.__qualname__, "__doc__": kind.__doc__}
    # Whichever of two threads comes second takes the class of the first.
    return _classes.setdefault((kind, base), type(kind.__name__, (kind, base), {**names, "__reduce__": reduce}))


def _without_secrets(request: Any) -> Any:  # a request of any library
    """A copy of a request that may go where its key may not: into a queue, a cache, a crash report."""
    made = copy(request)
    made.headers = request.headers.copy()
    for name in SECRETS:
        if name in made.headers:
            made.headers[name] = "[hidden]"
    return made


def _keywords(error: TranslationError) -> dict[str, Any]:  # arguments() of the class that they are given to
    return error.arguments()


def _revive(
    kind: type[TranslationError],
    base: type[Exception],
    message: str,
    arguments: dict[str, Any],
    state: dict[str, object],
) -> TranslationError:
    made = _class(kind, base)(message, **arguments)
    made.__dict__.update(state)
    return cast(TranslationError, made)
