"""Notices as Python warnings: their classes, their schedule, and their way to the user's own line.

    V1DeprecationWarning    a v1 call or field was translated (Python shows it in ``__main__`` and under test)
    LossyTranslationWarning a value was approximated or dropped
    PassthroughWarning      the call can't be had from v2 and went to v1 as it was
    UserWarning             a job that was asked about has failed or was cancelled; what a paid request that was broken
                            off has left behind; that a paid request is not repeated

A warning names the line that made the call, whatever library stands between, so the standard filters work by
module, show each place once, and can turn any of the three into an error. That error comes before the request
is sent. ``Policy(on_warning=...)`` gets the :class:`Notice` itself instead.
"""

from __future__ import annotations

import linecache
import warnings
from contextlib import suppress
from types import FrameType
from typing import Any, NamedTuple

from vimmerse.compat.core.errors import CompatWarning
from vimmerse.compat.core.messages import Notice
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.runtime.call_site import user_frame


class Deprecation(NamedTuple):
    """Something that will go. ``since`` and ``removed_in`` are versions of this package."""

    name: str
    since: str
    removed_in: str
    instead: str

    def overdue(self, version: str) -> bool:
        """Whether ``version`` should no longer have it."""
        from packaging.version import Version

        return Version(version) >= Version(self.removed_in)


#: All that is deprecated. A test fails in the first release that should be without one of these.
DEPRECATIONS = (
    Deprecation("v1 calls through vimmerse.compat", "0.1", "2.0", "vimmerse.v2"),
    Deprecation("vimmerse.v1", "0.1", "2.0", "vimmerse.v2"),
)


class V1DeprecationWarning(CompatWarning, DeprecationWarning):
    """A v1 call or field was translated to its v2 form: the text names both."""

    since, removed_in = DEPRECATIONS[0].since, DEPRECATIONS[0].removed_in
    notice: Notice | None = None


class LossyTranslationWarning(CompatWarning, UserWarning):
    """An explicit value has no exact v2 form: the text says what happens instead."""

    notice: Notice | None = None


class PassthroughWarning(CompatWarning, UserWarning):
    """The call was sent to v1 unchanged, since v2 has nothing like it."""

    notice: Notice | None = None


CATEGORIES: dict[str, type[Warning]] = {
    "deprecated": V1DeprecationWarning,
    "lossy": LossyTranslationWarning,
    "passthrough": PassthroughWarning,
    "failed": UserWarning,
    "paid": UserWarning,
}


class OnceFilter:
    """Which notices an entry-point object has shown that are to be shown only once. Holds hashes, no key."""

    __slots__ = ("_shown",)
    #: Of more keys than this the oldest are forgotten; their notices would be shown again.
    LIMIT = 4096

    def __init__(self) -> None:
        self._shown: dict[int, object] = {}

    def first(self, key: str) -> bool:
        """Whether this is the first time that a key comes up. Two threads never get the same yes."""
        mine = object()
        if self._shown.setdefault(hash(key), mine) is not mine:
            return False
        while len(self._shown) > self.LIMIT:
            with suppress(StopIteration, RuntimeError):  # another thread is at it too
                self._shown.pop(next(iter(self._shown)), None)
        return True


class WarningEmitter:
    """Shows the notices of one call as warnings at the user's line, or hands them to ``policy.on_warning``.

    The line is looked for once: all that a call has to say is said of the line that made it. ``once``: what the
    entry-point object of the call has shown already.
    """

    __slots__ = ("_heard", "_once", "_place")

    def __init__(self, policy: Policy, once: OnceFilter | None = None) -> None:
        self._heard = policy.on_warning
        self._once = once
        self._place: _Place | None = None

    def __call__(self, notice: Notice) -> None:
        if notice.once and self._once is not None and not self._once.first(notice.once):
            return
        if self._heard is not None:
            self._heard(notice)
            return
        place = self._place
        if place is None:
            place = self._place = _place(user_frame())
        category = CATEGORIES[notice.kind]
        warning = category(notice.text)
        warning.notice = notice  # type: ignore[attr-defined]  # a plain UserWarning takes it too
        file, line, module, shown = place
        warnings.warn_explicit(warning, category, file, line, module, shown)


# The arguments of warn_explicit from the file on: file, line, module, and what has been shown of it.
_Place = tuple[str, int, str, dict[Any, Any] | None]


def _place(frame: FrameType | None) -> _Place:
    if frame is None:  # a thread whose first function is already a library's: Python's own answer to that
        return "sys", 1, "sys", None
    known, file = frame.f_globals, frame.f_code.co_filename
    # Not as module_globals=: then Python reads the whole source file for each warning, whether it is shown or not.
    linecache.lazycache(file, known)
    return file, frame.f_lineno, str(known.get("__name__") or "<unknown>"), known.setdefault("__warningregistry__", {})


def emit(notice: Notice, policy: Policy) -> None:
    """Show one notice; see :class:`WarningEmitter`."""
    WarningEmitter(policy)(notice)
