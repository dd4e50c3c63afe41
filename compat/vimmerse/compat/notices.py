"""Notices as Python warnings: their classes, their schedule, and their way to the user's own line.

    V1DeprecationWarning    a v1 call or field was translated (Python shows it in ``__main__`` and under test)
    LossyTranslationWarning a value was approximated or dropped
    PassthroughWarning      the call can't be had from v2 and went to v1 as it was

A warning names the line that made the call, whatever library stands between, so the standard filters work by
module, show each place once, and can turn any of the three into an error. That error comes before the request
is sent. ``Policy(on_warning=...)`` gets the :class:`Notice` itself instead.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

from vimmerse.compat.adapters._frames import user_frame
from vimmerse.compat.core.messages import Notice
from vimmerse.compat.core.policy import Policy


@dataclass(frozen=True, slots=True)
class Deprecation:
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


class V1DeprecationWarning(DeprecationWarning):
    """A v1 call or field was translated to its v2 form: the text names both."""

    since, removed_in = DEPRECATIONS[0].since, DEPRECATIONS[0].removed_in
    notice: Notice | None = None


class LossyTranslationWarning(UserWarning):
    """An explicit value has no exact v2 form: the text says what happens instead."""

    notice: Notice | None = None


class PassthroughWarning(UserWarning):
    """The call was sent to v1 unchanged, since v2 has nothing like it."""

    notice: Notice | None = None


CATEGORIES: dict[str, type[V1DeprecationWarning | LossyTranslationWarning | PassthroughWarning]] = {
    "deprecated": V1DeprecationWarning,
    "lossy": LossyTranslationWarning,
    "passthrough": PassthroughWarning,
}


def emit(notice: Notice, policy: Policy) -> None:
    """Show a notice as a warning at the user's line, or hand it to ``policy.on_warning``."""
    if policy.on_warning is not None:
        policy.on_warning(notice)
        return
    warning = CATEGORIES[notice.kind](str(notice))
    warning.notice = notice
    frame = user_frame()
    if frame is None:  # a thread whose first function is already a library's: Python's own answer to that
        warnings.warn_explicit(warning, type(warning), "sys", 1)
        return
    known = frame.f_globals
    warnings.warn_explicit(
        warning,
        type(warning),
        frame.f_code.co_filename,
        frame.f_lineno,
        module=str(known.get("__name__") or "<unknown>"),
        registry=known.setdefault("__warningregistry__", {}),
        module_globals=known,
    )
