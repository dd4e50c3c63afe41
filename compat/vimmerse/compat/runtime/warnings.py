"""Notices as Python warnings at the user's line.

    V1DeprecationWarning    a v1 call or field was translated (Python shows it in ``__main__`` and under test)
    LossyTranslationWarning a value was approximated or dropped
    PassthroughWarning      v2 has no such call, and it went to v1 unchanged
    UserWarning             a job has failed or was cancelled; or a paid request was interrupted, or is not repeated

A warning names the line that made the call, whatever library stands between. So the standard filters work by module,
show each place once, and can turn any of them into an error, which comes before the request is sent.
``Policy(on_warning=...)`` gets the :class:`Notice` instead.
"""

from __future__ import annotations

import linecache
import warnings
from contextlib import suppress
from typing import Any

from vimmerse.compat.core.errors import CompatWarning
from vimmerse.compat.core.messages import Notice
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.runtime.call_site import user_frame
from vimmerse.compat.runtime.deprecations import V1_CALLS


class V1DeprecationWarning(CompatWarning, DeprecationWarning):
    """A v1 call or field was translated to its v2 form: the text names both."""

    since: str = V1_CALLS.since
    """The version of this package in which v1 calls were deprecated."""
    removed_in: str = V1_CALLS.removed_in
    """The version that will not translate them any more."""
    notice: Notice | None = None
    """The operation, the field and its values."""


class LossyTranslationWarning(CompatWarning, UserWarning):
    """An explicit value has no exact v2 form: the text says what happens instead."""

    notice: Notice | None = None
    """The operation, the field and its values."""


class PassthroughWarning(CompatWarning, UserWarning):
    """The call was sent to v1 unchanged, since v2 has nothing like it."""

    notice: Notice | None = None
    """The operation, and why v2 can't make the call."""


CATEGORIES: dict[str, type[Warning]] = {
    "deprecated": V1DeprecationWarning,
    "lossy": LossyTranslationWarning,
    "passthrough": PassthroughWarning,
    "failed": UserWarning,
    "paid": UserWarning,
}


class OnceFilter:
    """Which notices an entry point has shown that are shown only once. Holds hashes of their keys."""

    __slots__ = ("_shown",)
    #: Of more keys than this the oldest are forgotten; their notices would be shown again.
    LIMIT = 4096

    def __init__(self) -> None:
        self._shown: dict[int, object] = {}

    def is_first(self, key: str) -> bool:
        """Whether this is the first time that a key comes up; true in one of several threads."""
        marker = object()
        if self._shown.setdefault(hash(key), marker) is not marker:
            return False
        while len(self._shown) > self.LIMIT:
            with suppress(StopIteration, RuntimeError):  # another thread is removing keys, too
                self._shown.pop(next(iter(self._shown)), None)
        return True


class WarningEmitter:
    """Shows the notices of one call as warnings at the user's line, or hands them to ``policy.on_warning``.

    The line is looked up once: all notices of a call are about the line that made it.
    """

    __slots__ = ("_on_warning", "_once", "_place")

    def __init__(self, policy: Policy, once: OnceFilter | None = None) -> None:
        self._on_warning = policy.on_warning
        self._once = once
        self._place: tuple[str, int, str, dict[Any, Any] | None] | None = None

    def __call__(self, notice: Notice) -> None:
        if notice.once and self._once is not None and not self._once.is_first(notice.once):
            return
        if self._on_warning is not None:
            self._on_warning(notice)
            return
        if self._place is None:
            self._place = _call_site()
        category = CATEGORIES[notice.kind]
        warning = category(notice.text)
        warning.notice = notice  # type: ignore[attr-defined]  # a plain UserWarning takes it too
        file, line, module, registry = self._place
        warnings.warn_explicit(warning, category, file, line, module, registry)

    def place(self) -> tuple[str, int] | None:
        """Return the file and the line of the call, or None if no code of the user's is on the stack."""
        if self._place is not None:
            return self._place[:2]
        frame = user_frame()
        return (frame.f_code.co_filename, frame.f_lineno) if frame is not None else None


def emit(notice: Notice, policy: Policy) -> None:
    """Show one notice, as :class:`WarningEmitter` does."""
    WarningEmitter(policy)(notice)


def _call_site() -> tuple[str, int, str, dict[Any, Any] | None]:
    """Return the arguments of ``warn_explicit`` from the file on: file, line, module, registry."""
    frame = user_frame()
    if frame is None:  # a thread whose first function is a library's: as Python itself does
        return "sys", 1, "sys", None
    namespace, file = frame.f_globals, frame.f_code.co_filename
    # Not as module_globals=: then Python reads the whole source file for each warning, shown or not.
    linecache.lazycache(file, namespace)
    module = str(namespace.get("__name__") or "<unknown>")
    return file, frame.f_lineno, module, namespace.setdefault("__warningregistry__", {})
