"""What every conversation needs: how its requests are made and its answers given back.

Laws:

* The key goes to the base URL and nowhere else; a file's host gets none of the caller's headers but a short list.
* Notices go with the first request after them, so that they are heard before it is sent.
* A redirect of the API is never followed: the library that drives us would carry the key along.
* What the caller said of one request holds for one: an idempotency key goes unchanged with the first request that
  changes anything, numbered with those after it; conditions and ranges go with neither look-ups nor uploads.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Mapping
from typing import Any, Literal, NoReturn

from vimmerse.compat.core.errors import MAY_EXIST, CreditLimitError, StrictModeError, TranslationError, UpstreamError
from vimmerse.compat.core.fields import Fields
from vimmerse.compat.core.forms import body_size, parse_body
from vimmerse.compat.core.messages import (
    Body,
    Headers,
    Multipart,
    Notice,
    V1Request,
    V1Response,
    V2Request,
    V2Response,
    is_secret,
)
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.core.redaction import Secrets
from vimmerse.compat.flows import responses as answers
from vimmerse.compat.flows.routing import Call
from vimmerse.compat.rules.engine import Translation
from vimmerse.pricing import FREE, Estimate, estimate_call, unpriced

Json = dict[str, Any]
Flow = Generator[V2Request, V2Response, V1Response]
KEY_HEADER = "x-api-key"

# What belongs to one connection or one body, and not to the call.
_OWN = frozenset(
    {
        "host",
        "connection",
        "keep-alive",
        "proxy-connection",
        "proxy-authorization",
        "te",
        "trailer",
        "upgrade",
        "expect",
        "transfer-encoding",
        "content-length",
    }
)
_OWN_AND_TYPE = _OWN | {"content-type", "content-encoding", "content-md5", "digest"}
_FILE_REQUEST = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "user-agent",
        "range",
        "if-range",
        "if-match",
        "if-none-match",
        "if-modified-since",
        "if-unmodified-since",
    }
)
_IDEMPOTENCY = frozenset({"idempotency-key", "x-idempotency-key"})
_RANGES = frozenset({"range", "if-range", "request-range"})
_CONDITIONS = _RANGES | {"if-match", "if-none-match", "if-modified-since", "if-unmodified-since"}
_FOR_ONE = _IDEMPOTENCY | _CONDITIONS
_OVERRIDES = frozenset({"x-http-method-override", "x-http-method", "x-method-override"})
#: Answers that a library follows, with the key and the body of the request.
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What no longer holds for an answer whose body is another one.
_ANSWER = frozenset(
    {
        "connection",
        "keep-alive",
        "transfer-encoding",
        "trailer",
        "upgrade",
        "content-length",
        "content-encoding",
        "content-type",
        "content-md5",
        "content-range",
        "digest",
        "etag",
        "location",
        "refresh",
    }
)
_JSON_TYPE = ("Content-Type", "application/json")


def _encoder() -> Callable[[Any], str]:
    """As ``json.JSONEncoder.encode``, which makes its C encoder anew for every value: more work than a small one is."""
    settings = json.JSONEncoder(separators=(",", ":"), allow_nan=False)
    make: Any = getattr(json.encoder, "c_make_encoder", None)
    try:
        chunks = make(None, settings.default, json.encoder.encode_basestring_ascii, None, ":", ",", False, False, False)
        if "".join(chunks({"a": [1, "b"]}, 0)) == '{"a":[1,"b"]}':
            return lambda value: "".join(chunks(value, 0))
    except TypeError:  # an interpreter without it, or whose own is another
        pass
    return settings.encode


_encode = _encoder()


def to_json(value: Any) -> bytes:
    """Compact JSON, ASCII only, so that any text survives."""
    return _encode(value).encode("ascii")


class CallContext:
    """One conversation's state: the call, the policy, and the notices that are still to be heard."""

    __slots__ = (
        "_changes",
        "_for_one",
        "_headers",
        "_lends_key",
        "_notices",
        "_secrets",
        "call",
        "described",
        "keys",
        "known",
        "policy",
        "request",
    )

    def __init__(self, request: V1Request, call: Call, policy: Policy, *, supplies_key: bool = True) -> None:
        """``supplies_key``: whether the policy's key goes with a call that has none."""
        self.request = request
        self.call = call
        self.policy = policy
        self.known = False  # whether v2 has answered a look-up of the call's id
        self._lends_key = supplies_key
        self._changes = 0  # requests so far that change anything
        self._for_one = False  # whether there are headers for one request alone
        self._notices: list[Notice] = []
        # Every call needs all three, so the headers are gone through once.
        keys: list[str] = []
        described: list[tuple[str, str]] = []
        kept: list[tuple[str, str]] = []
        for pair in request.headers:
            name = pair[0].lower()
            if name in _OWN_AND_TYPE:
                if name[:8] == "content-":
                    described.append(pair)
                continue
            kept.append(pair)
            if name == KEY_HEADER:
                keys.append(pair[1])
            elif name in _FOR_ONE:
                self._for_one = True
        self.keys = keys  # the caller's own
        self.described = Headers(described)  # what is said of the body
        self._headers = self._with_key(Headers(kept))  # what goes with every v2 request
        # The keys that are part of this call: the caller's own and the policy's.
        self._secrets = Secrets([*keys, policy.api_key] if policy.api_key else keys)

    def secrets(self) -> Secrets:
        """What takes the keys of this call out of a text."""
        return self._secrets

    # Requests

    def add_notices(self, notices: Iterable[Notice]) -> None:
        """Have these heard before the next request is sent, without the keys of this call."""
        self._notices.extend([notice.without(self._secrets) for notice in notices])

    def add_translation_notices(self, translation: Translation) -> None:
        """Have heard what the rules have to say, who leave the keys out themselves."""
        self._notices.extend((self.call.operation.notice, *translation.notices))

    def take_notices(self) -> tuple[Notice, ...]:
        """The notices that no request has taken yet; they are taken now."""
        found, self._notices = self._notices, []
        return tuple(found)

    def _with_key(self, headers: Headers) -> Headers:
        key = self.policy.api_key
        if key is None or self.keys or not self._lends_key:
            return headers
        if self.policy.supply_key == "status" and self.call.operation.response_kind != "status":
            return headers
        return headers.adding(("X-Api-Key", key))

    def build_request(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        form: Multipart | None = None,
        paid: bool = False,
        look_up: bool = False,
        kind: Literal["v2", "v1"] = "v2",
    ) -> V2Request:
        """A request of our own making. ``path`` is below the base URL.

        ``look_up``: it is made for the call, and is not the call itself. ``kind``: whose path that is.
        """
        headers = self._headers
        if self._for_one:
            if look_up or form is not None:
                headers = _without(headers, _FOR_ONE)
            elif method == "GET":
                headers = _without(headers, _IDEMPOTENCY | _RANGES)  # v1's answer is another body than v2's
            else:
                headers = self._next_change(headers)
        content: Body | Multipart = b""
        if form is not None:
            content = form
        elif body is not None:
            content = to_json(body)
            headers = headers.adding(_JSON_TYPE)
        url = self.policy.base_url + path
        return V2Request(method, url, headers, content, kind, paid, False, self.take_notices())

    def _next_change(self, headers: Headers) -> Headers:
        """The headers of the next request that changes something."""
        self._changes += 1
        if self._changes == 1:
            return headers
        # The same in each repetition of the caller's call, and another for each request of it.
        tail = f"-{self._changes}"
        return Headers(
            [
                (name, value + tail) if name.lower() in _IDEMPOTENCY else (name, value)
                for name, value in _without(headers, _CONDITIONS)
            ]
        )

    def build_file_request(self, url: str) -> V2Request:
        """A request for a result file, with nothing in it that is the API's alone."""
        kept = tuple(pair for pair in self.request.headers if pair[0].lower() in _FILE_REQUEST)
        return V2Request("GET", url, kept, b"", "file", False, True, self.take_notices())

    def passthrough(self, why: str, *, paid: bool) -> Flow:
        """Send the caller's own call to v1, at the base URL, and give its answer back untouched.

        Raises :class:`StrictModeError` in strict mode.
        """
        operation = self.call.operation.v1
        if self.policy.mode == "strict":
            raise StrictModeError(
                f"{operation} was not sent (strict mode): v2 can't do this call: {why}", operation=operation
            )
        text = f"{operation}: sent to v1 unchanged, because {why}"
        self.add_notices([Notice("passthrough", operation, "", None, "", None, text)])
        query = f"?{self.call.query}" if self.call.query else ""
        headers = self._with_key(Headers([pair for pair in self.request.headers if pair[0].lower() not in _OWN]))
        if self._for_one and self.request.method.upper() != "GET":
            headers = self._next_change(headers)
        response = yield V2Request(
            self.request.method,
            self.policy.base_url + self.call.path + query,
            headers,
            self.request.body,
            "v1",
            paid,
            True,
            self.take_notices(),
        )
        return self.return_unchanged(response, headers)

    def return_unchanged(self, response: V2Response, headers: Headers) -> V1Response:
        """An answer as it is, unless the library would follow it with the request's key or body."""
        if is_redirect(response.status, response.headers) and (
            body_size(self.request.body) or any(is_secret(name) for name, _ in headers)
        ):
            return self.error_response(response)
        return V1Response(response.status, response.headers, response.body, response.native, self.take_notices())

    @property
    def may_fall_back_to_v1(self) -> bool:
        """Whether a 404 is asked of v1 too: the id may be from a call that was passed to v1, and a 404 did nothing."""
        return bool(self.call.id) and "+" not in self.call.id and self.policy.mode == "lenient"

    def fall_back_to_v1(self, *, paid: bool = False) -> Flow:
        """Send the call to v1, whose id v2 does not know. A paid one only where v1 is known to know it."""
        return (yield from self.passthrough("v2 does not know this id", paid=paid))

    def fields(self) -> Fields:
        """The fields of the call's body. Raises :class:`UnreadableBody`."""
        return parse_body(self.described, self.request.body, self.policy.limits)

    # Limits

    def check_price(self, price: Estimate) -> None:
        """Raise :class:`CreditLimitError` where the estimate is above the policy's limit."""
        limit = self.policy.max_credits
        if limit is not None and not price.credits <= limit:
            raise CreditLimitError(
                f"{self.call.operation.v1} was not sent: it would cost {price}, and the limit is {limit:g}. "
                f"Raise {self.policy.how_to_set('max_credits')} or ask for fewer or shorter scenes.",
                operation=self.call.operation.v1,
            )

    @property
    def has_credit_limit(self) -> bool:
        """Whether the caller has set a limit in credits."""
        return self.policy.max_credits is not None

    def check_credits(self, operation: str, bodies: Iterable[Mapping[str, Any]], why: str = "") -> None:
        """Raise :class:`CreditLimitError` where these v2 calls are above the limit, or can't be priced.

        ``operation``: the v2 call by its template. ``why``: what is not known of them already.
        """
        if not self.has_credit_limit:
            return
        price = FREE
        for body in bodies:
            price += estimate_call(operation, body)
            why = why or unpriced(operation, body)
        self.check_price(price)
        if why:
            self.raise_unpriced(why)

    def check_method(self) -> None:
        """Raise :class:`CreditLimitError` where there is a limit, and a header that may make another call of this."""
        if self.has_credit_limit and (header := method_override_header(self.request.method, self.request.headers)):
            self.raise_unpriced(f"its header {header} may make another method of {self.request.method}")

    def raise_unpriced(self, why: str) -> NoReturn:
        """Raise :class:`CreditLimitError`: there is a limit, and nobody knows whether the call is below it."""
        raise CreditLimitError(
            f"{self.call.operation.v1} was not sent: there is a limit of {self.policy.max_credits:g} credits, and what "
            f"this call costs can't be told: {why}",
            operation=self.call.operation.v1,
        )

    # Answers

    def success_response(self, response: V2Response, data: Any, *, status: int | None = None) -> V1Response:
        """``{"data": data}`` with the headers of a v2 answer that still hold."""
        return self._answer(status or response.status, response.headers, {"data": data})

    def error_response(
        self, response: V2Response, translation: Translation | None = None, job_ids: Iterable[str] = ()
    ) -> V1Response:
        """A v2 error, or what came in its place, as a v1 error."""
        if 300 <= response.status < 400:
            payload: Json = {
                "message": "UNEXPECTED_REDIRECT",
                "detail": (
                    f"{self.policy.base_url} answered {response.status}, a redirect. It was not followed, so that "
                    "the key stays where it belongs: set the base URL to the API's own address."
                ),
                "code": "UNEXPECTED_REDIRECT",
            }
        else:
            payload = answers.error(
                response.status,
                response.body,
                _header(response, "content-type"),
                translation.origins if translation else {},
            )
        created = list(job_ids)
        if created:
            payload["created_ids"] = created
            note = f"Already created, and paid for: {', '.join(created)}."
            if isinstance(payload.get("detail"), list):  # of a 422: it says what is wrong
                payload.setdefault("message", note)
            else:
                payload["detail"] = f"{payload['detail']} {note}" if isinstance(payload.get("detail"), str) else note
        return self._answer(response.status, response.headers, payload)

    def local_error(self, status: int, code: str, detail: str) -> V1Response:
        """An error of our own in v1's shape, where v1 itself would have answered one."""
        return self._answer(status, (), {"message": code, "detail": detail, "code": code})

    def _answer(self, status: int, headers: Iterable[tuple[str, str]], payload: Json) -> V1Response:
        if status in (204, 205, 304):  # no body may follow these
            return V1Response(status, tuple(pair for pair in headers if pair[0].lower() not in _ANSWER))
        kept = [pair for pair in headers if pair[0].lower() not in _ANSWER]
        kept.append(_JSON_TYPE)
        try:
            body = to_json(payload)
        except RecursionError:
            data = payload.get("data")
            id = data.get("id") if isinstance(data, dict) else None
            raise UpstreamError(
                f"{self.call.operation.v1}: the server answered {status} with JSON nested too deeply to pass on",
                operation=self.call.operation.v1,
                job_ids=(id,) if isinstance(id, str) else (),
            ) from None
        return V1Response(status, tuple(kept), body, None, self.take_notices())

    def parse_object(self, response: V2Response, *, paid: bool, job_ids: Iterable[str] = ()) -> Json:
        """The object of a successful v2 answer. An empty body is an empty object. ``job_ids``: what was created before.

        Raises :class:`UpstreamError` for anything else: an HTML page, ``null``, a list, half a JSON.
        """
        if not response.body:
            return {}
        try:
            value = answers.parse(response.body)
        except (ValueError, RecursionError):
            value = None
            what = f"{_header(response, 'content-type') or 'a body without a type'} that is no JSON"
        else:
            what = f"JSON that is no object ({type(value).__name__})"
        if isinstance(value, dict):
            return value
        tail = f" {MAY_EXIST}" if paid else ""
        error = UpstreamError(
            f"{self.call.operation.v1}: the server answered {response.status} with {what}.{tail}",
            operation=self.call.operation.v1,
            job_ids=tuple(job_ids),
        )
        del value, what  # the server may have repeated the key: error reporters print local variables
        raise error


def method_override_header(method: str, headers: Iterable[tuple[str, str]]) -> str:
    """The header by which some servers take a request for one of another method; empty where there is none."""
    for name, value in headers:
        if name.lower() in _OVERRIDES and value.strip().upper() != method.upper():
            return name
    return ""


def _without(headers: Headers, names: frozenset[str]) -> Headers:
    return Headers([pair for pair in headers if pair[0].lower() not in names])


def _header(response: V2Response, name: str) -> str:
    return next((value for key, value in response.headers if key.lower() == name), "")


def is_redirect(status: int, headers: Iterable[tuple[str, str]]) -> bool:
    """Whether somebody may follow an answer: curl follows any of these that has a ``Location``."""
    return 300 <= status < 400 and (status in _REDIRECTS or any(name.lower() == "location" for name, _ in headers))


def is_success(response: V2Response) -> bool:
    """Whether an answer is a success."""
    return 200 <= response.status < 300


def redact_errors(steps: Flow, secrets: Secrets) -> Flow:
    """The same conversation; what it raises of its own names no key."""
    try:
        return (yield from steps)
    except TranslationError as error:
        error.redact(secrets)
        raise
