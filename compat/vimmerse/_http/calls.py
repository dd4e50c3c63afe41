"""One call of a typed client: what is sent, whether another attempt follows, and what its log and errors say."""

import logging
import random
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from vimmerse._http import API_KEY_HEADER, logs, retries, tracing
from vimmerse._http.errors import ApiError, from_response, may_exist, shown_id
from vimmerse._http.options import merged
from vimmerse._http.redaction import Secrets
from vimmerse._http.types import RequestOptions, path_segment

if TYPE_CHECKING:
    import httpx
    from vimmerse._http.client import BaseClient

NOT_SENT = "The call did not reach the service: nothing was created, and nothing charged."
NOT_REPEATABLE = (
    "The call was not sent again, since a file of its form can't be read a second time. Pass a file that is open for "
    "reading from a disk, or its content as io.BytesIO."
)


class Call:
    """One call, of one attempt or more.

    ``request``: arguments of ``httpx.Client.build_request``, and the ids that the template names as ``path``.

    Raises:
        TypeError, ValueError: an option or an id is invalid.
    """

    def __init__(
        self, method: str, template: str, client: "BaseClient", request: Mapping[str, Any], options: RequestOptions
    ) -> None:
        self.method = method
        self.template = template
        self.arguments = {**request, "method": method, "url": template}
        path: Mapping[str, object] | None = self.arguments.pop("path", None)
        self.job_id: str | None = None
        if path:
            segments = {name: path_segment(name, value) for name, value in path.items()}
            self.arguments["url"] = template.format_map(segments)
            self.job_id = cast(str, next(iter(path.values())))
        self.retries = client.retry_settings
        self.attempts = 0
        self.request: httpx.Request
        self._client = client
        self._started = 0.0
        self._notes: list[str] = []
        if client.default_options or options:
            self._apply(merged(client.default_options, options))

    def _apply(self, options: RequestOptions) -> None:
        if "timeout" in options:
            self.arguments["timeout"] = options["timeout"]
        self.retries = retries.RetrySettings.of(
            options.get("max_retries", self.retries.max_retries),
            options.get("retry_refused", self.retries.retry_refused),
        )
        if headers := options.get("extra_headers"):
            self.arguments["headers"] = headers
        if fields := options.get("extra_body"):
            body: dict[str, object] | None = self.arguments.get("json")
            if body is None:
                raise TypeError(f"extra_body is for calls with a JSON body; {self.method} {self.template} has none")
            if repeated := body.keys() & fields.keys():
                raise TypeError(f"extra_body has the field {min(repeated)!r}, which is an argument of the call")
            self.arguments["json"] = {**body, **fields}

    def next_request(self, client: "httpx.Client | httpx.AsyncClient") -> "httpx.Request":
        """Return the request of the next attempt, with the same body as the last one's."""
        self.attempts += 1
        self.request = client.build_request(**self.arguments)
        self._started = time.perf_counter()
        return self.request

    def span(self) -> tracing.Span:
        """Start the span of this attempt."""
        if not tracing.is_active():
            return tracing.NO_SPAN
        return tracing.start_request_span(
            self.method,
            self.request.url,
            self.template,
            body=self.arguments.get("json"),
            job_id=self.job_id,
            resend_count=self.attempts - 1,
            redact=tracing.without_key(self._client, self.request.headers),
        )

    def after_response(self, response: "httpx.Response") -> float | None:
        """Write the log, and return the seconds until the next attempt, or None if there is to be none."""
        delay = None
        # Of a call that was redirected, more than the last request has reached a server.
        if response.status_code >= 400 and (self._is_read() or not response.history):
            delay = self._delay(response)
        if logs.logger.isEnabledFor(logging.INFO):
            self._log(delay, response)
        return delay

    def after_error(self, error: BaseException) -> float | None:
        """Write the log, add notes, and return the seconds until the next attempt, or None if there is to be none."""
        # Another request's error, such as of a redirect or a hook, does not tell what became of this one.
        is_own = _request_of(error) is self.request
        delay = self._delay(error) if is_own or self._is_read() else None
        if logs.logger.isEnabledFor(logging.INFO):
            self._log(delay, error)
        if delay is None:
            for note in self._notes_on(error, is_own=is_own):
                error.add_note(f"vimmerse: {note}")
        return delay

    def error(self, response: "httpx.Response", parsed: object = None) -> ApiError:
        """Return the error for the last response."""
        error = from_response(response, parsed, job_id=self.job_id, attempts=self.attempts)
        for note in self._notes:
            error.add_note(f"vimmerse: {note}")
        return error

    def _is_read(self) -> bool:
        return self.method in retries.READS

    def _delay(self, outcome: "httpx.Response | BaseException") -> float | None:
        if self.attempts > self.retries.max_retries:
            return None
        headers: Mapping[str, str] = {}
        reason: int | BaseException
        if isinstance(outcome, BaseException):
            reason = outcome
        else:
            reason, headers = outcome.status_code, outcome.headers
        delay = retries.retry_delay(
            self.method, reason, headers, self.attempts, self.retries, now=time.time(), random=random.random()
        )
        if delay is not None and not all(map(_can_be_read_again, self._files())):
            self._notes.append(NOT_REPEATABLE)
            return None
        return delay

    def _files(self) -> Iterable[object]:
        return [part[1] for _, part in self.arguments.get("files", ())]

    def _notes_on(self, error: BaseException, *, is_own: bool) -> Iterable[str]:
        yield from self._notes
        if self.attempts > 1:
            yield f"{self.attempts} attempts were made."
        if self._is_read() or not self._may_have_been_sent(error):
            return
        if is_own and retries.never_arrived(error):
            yield NOT_SENT
        else:
            secrets = Secrets([self.request.headers.get(API_KEY_HEADER, "")])
            yield may_exist(None if self.job_id is None else shown_id(self.job_id, secrets))

    def _may_have_been_sent(self, error: BaseException) -> bool:
        import httpx

        if isinstance(error, httpx.LocalProtocolError):
            return False
        if isinstance(error, httpx.HTTPStatusError):  # raise_for_status(), in a hook of the caller's
            return not error.response.is_client_error
        if isinstance(error, httpx.RequestError) or not isinstance(error, Exception):
            return True
        # From a hook or transport of the caller's. The key is added last, after all hooks that see a request.
        return API_KEY_HEADER in self.request.headers

    def _log(self, delay: float | None, outcome: "httpx.Response | BaseException") -> None:
        duration = time.perf_counter() - self._started
        with suppress(Exception):  # a handler of the application's: the response may be of a paid call
            logs.log_attempt(
                self.request,
                outcome,
                path=self.template,
                duration=duration,
                attempt=self.attempts,
                retry_in=delay,
                job_id=self.job_id,
            )


def _request_of(error: BaseException) -> object:
    try:
        return getattr(error, "request", None)
    except RuntimeError:  # httpx's errors, where there was no request yet
        return None


def _can_be_read_again(file: object) -> bool:
    seekable = getattr(file, "seekable", None)
    return isinstance(file, str | bytes) or (callable(seekable) and bool(seekable()))
