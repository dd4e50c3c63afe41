"""urllib3's retries for a request that may cost credits.

Laws:

* It is repeated where no connection was made and after 429, as the caller's own ``Retry`` says: its counts, backoff,
  ``Retry-After``, a class of the caller's. Never otherwise, since the job may exist.
* The method that counts is that of the caller's v1 call.
* What is not repeated although the caller's ``Retry`` would have is reported.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Any, Self, cast

from urllib3.exceptions import ConnectTimeoutError, ProxyError, ResponseError
from urllib3.util.retry import Retry

_REFUSED = 429  # the one status after which nothing was created, and that may go away by itself
#: How urllib3 says that the caller's retries of it are used up.
TOO_MANY = ResponseError.SPECIFIC_ERROR.format(status_code=_REFUSED)


class PaidRetry(Retry):
    """The caller's retries, but for what may have created a job. Mixed into the caller's own class by :meth:`of`."""

    _method: str
    _refused: Callable[[str], object]

    @staticmethod
    def of(asked: Retry, method: str, refused: Callable[[str], object]) -> Retry:
        """The caller's retries. ``method``: the v1 call's. ``refused`` hears after what a request is not repeated."""
        made = object.__new__(_paid_class(type(asked)))
        made.__dict__.update(asked.__dict__, _method=method, _refused=refused)
        return made

    def new(self, **changes: Any) -> Self:
        made = super().new(**changes)
        made._method, made._refused = self._method, self._refused
        return made

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        wanted = super().is_retry(self._method, status_code, has_retry_after)
        if not wanted or status_code == _REFUSED:
            return wanted
        if all(count is None or count > 0 for count in (self.total, self.status)):
            self._refused(f"a {status_code}")
        return False

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: Any = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        asked = partial(super().increment, self._method, url, response, error, _pool, _stacktrace)
        if error is None or _is_connecting(error):
            return asked()
        with suppress(Exception):
            asked()
            self._refused(f"a {type(error).__name__}")
        # As urllib3 where no read error is to be retried: the error itself, or MaxRetryError around it.
        never = Retry(total=False if self.total is False else 0, read=False, other=0)
        return cast(Self, never.increment(self._method, url, None, error, _pool, _stacktrace))  # it raises


def _is_connecting(error: Exception) -> bool:
    """Whether no connection was made, to a proxy neither."""
    return isinstance(error.original_error if isinstance(error, ProxyError) else error, ConnectTimeoutError)


_paid_classes: dict[type[Retry], type[PaidRetry]] = {}  # by the caller's own: there are a few


def _paid_class(kind: type[Retry]) -> type[PaidRetry]:
    if (known := _paid_classes.get(kind)) is not None:
        return known
    bases = (PaidRetry,) if kind is Retry else (PaidRetry, kind)
    return _paid_classes.setdefault(kind, type(kind.__name__, bases, {}))
