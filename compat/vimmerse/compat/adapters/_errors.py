"""A :class:`TranslationError` that is the HTTP library's own request error too.

Callers catch ``requests.exceptions.RequestException`` or ``httpx.RequestError``; ours must be among those. The
classes are made on demand, one for each error class and library, so that no library is imported for it.
"""

from __future__ import annotations

from copy import copy
from typing import Any, cast

from vimmerse.compat.adapters._wire import SECRETS
from vimmerse.compat.core.errors import TranslationError


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
