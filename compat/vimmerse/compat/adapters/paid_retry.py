"""urllib3's retries for a request that may cost credits.

* Such a request is repeated only where no connection was made and after 429, as the caller's own ``Retry`` says: its
  counts, backoff, ``Retry-After``, a subclass of the caller's. It is never repeated otherwise, since the job may exist.
* The method that counts is that of the caller's v1 call.
* A repetition that the caller's ``Retry`` would have allowed, and that was not made, is reported.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Any, Self, cast

from urllib3.exceptions import ConnectTimeoutError, ProxyError, ResponseError
from urllib3.util.retry import Retry

_TOO_MANY_REQUESTS = 429  # the only temporary status after which nothing was created
#: How urllib3 says that all retries after this status are used up.
RETRIES_EXHAUSTED = ResponseError.SPECIFIC_ERROR.format(status_code=_TOO_MANY_REQUESTS)


class PaidRetry(Retry):
    """The caller's retries, without those after which there could be two jobs."""

    _method: str
    _report_skipped: Callable[[str], object]

    @staticmethod
    def wrap(retry: Retry, method: str, report_skipped: Callable[[str], object]) -> Retry:
        """Return a copy of the caller's ``Retry``, of the caller's own class too.

        Args:
            method: The method of the v1 call.
            report_skipped: Called with the reason, such as ``"a 503"``, for each request that is not repeated.
        """
        paid = object.__new__(_paid_class(type(retry)))
        paid.__dict__.update(retry.__dict__, _method=method, _report_skipped=report_skipped)
        return paid

    def new(self, **changes: Any) -> Self:
        retry = super().new(**changes)
        retry._method, retry._report_skipped = self._method, self._report_skipped
        return retry

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        wanted = super().is_retry(self._method, status_code, has_retry_after)
        if not wanted or status_code == _TOO_MANY_REQUESTS:
            return wanted
        if all(count is None or count > 0 for count in (self.total, self.status)):
            self._report_skipped(f"a {status_code}")
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
        callers_increment = partial(super().increment, self._method, url, response, error, _pool, _stacktrace)
        if error is None or _no_connection(error):
            return callers_increment()
        with suppress(Exception):
            callers_increment()
            self._report_skipped(f"a {type(error).__name__}")
        # As urllib3 does where no read error may be retried: the error itself, or MaxRetryError around it.
        no_retries = Retry(total=False if self.total is False else 0, read=False, other=0)
        return cast(Self, no_retries.increment(self._method, url, None, error, _pool, _stacktrace))  # it raises


def _no_connection(error: Exception) -> bool:
    """Whether no connection was made, not even to a proxy."""
    return isinstance(error.original_error if isinstance(error, ProxyError) else error, ConnectTimeoutError)


_paid_classes: dict[type[Retry], type[PaidRetry]] = {}


def _paid_class(kind: type[Retry]) -> type[PaidRetry]:
    if kind not in _paid_classes:
        bases = (PaidRetry,) if kind is Retry else (PaidRetry, kind)
        _paid_classes[kind] = type(kind.__name__, bases, {})
    return _paid_classes[kind]
