"""The context of one call: what its flow knows, and how it builds requests, responses and errors.

* The API key goes to the base URL and nowhere else. A file's host gets a short list of the caller's headers.
* Notices go with the next request, so that they are shown before it is sent.
* A redirect of the API is never followed: the HTTP library would send the key along.
* An idempotency key goes unchanged with the first request that changes something, and numbered with later ones.
  Conditions and ranges go with neither lookups nor uploads.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Mapping
from typing import Any, Literal, NoReturn

from vimmerse._http.redaction import Secrets
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
from vimmerse.compat.flows import headers as names
from vimmerse.compat.flows import responses
from vimmerse.compat.flows.routing import V1Call
from vimmerse.compat.rules.engine import Translation
from vimmerse.pricing import FREE, Estimate, estimate_call, unpriced

Json = dict[str, Any]
Flow = Generator[V2Request, V2Response, V1Response]
KEY_HEADER = "x-api-key"
_JSON_TYPE = ("Content-Type", "application/json")
_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def to_json(value: Any) -> bytes:
    """Return compact JSON, ASCII only, so that any text survives."""
    return _ENCODER.encode(value).encode("ascii")


class CallContext:
    """One call: its request and policy, and the notices that no request has taken yet."""

    def __init__(self, request: V1Request, call: V1Call, policy: Policy, *, supplies_key: bool = True) -> None:
        """``supplies_key``: whether the policy's key goes with a call that has none."""
        self.request = request
        self.call = call
        self.policy = policy
        self.found_in_v2 = False  # whether a v2 lookup has found the call's id
        self._supplies_key = supplies_key
        self._change_count = 0
        self._notices: list[Notice] = []
        self._has_single_request_headers = False
        self.own_keys: list[str] = []
        body_headers: list[tuple[str, str]] = []
        kept: list[tuple[str, str]] = []
        for pair in request.headers:
            name = pair[0].lower()
            if name in names.BODY:
                body_headers.append(pair)
            elif name not in names.CONNECTION:
                kept.append(pair)
            if name == KEY_HEADER:
                self.own_keys.append(pair[1])
            elif name in names.SINGLE_REQUEST:
                self._has_single_request_headers = True
        self.body_headers = Headers(body_headers)
        self._headers = self._with_key(Headers(kept))  # go with every v2 request
        self.secrets = Secrets([*self.own_keys, policy.api_key] if policy.api_key else self.own_keys)

    def fields(self) -> Fields:
        """Parse the fields of the call's body. Raises :class:`UnreadableBody`."""
        return parse_body(self.body_headers, self.request.body, self.policy.limits)

    # Notices

    def add_notices(self, notices: Iterable[Notice]) -> None:
        """Add notices to the next request, or to the response, without the keys of this call."""
        self._notices.extend([notice.redacted(self.secrets) for notice in notices])

    def add_translation_notices(self, translation: Translation) -> None:
        """Add the notices of a translation, which contain no keys."""
        self._notices.extend((self.call.operation.notice, *translation.notices))

    def take_notices(self) -> tuple[Notice, ...]:
        """Remove and return the notices that no request has taken yet."""
        notices, self._notices = tuple(self._notices), []
        return notices

    # Requests

    def _with_key(self, headers: Headers) -> Headers:
        key, status_only = self.policy.api_key, self.policy.supply_key == "status"
        if key is None or self.own_keys or not self._supplies_key:
            return headers
        if status_only and self.call.operation.response_kind != "status":
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
        """Return a request to a path below the base URL, of the API version ``kind``.

        ``look_up``: it is sent because of the call, and is not the call itself.
        """
        headers = self._headers
        if self._has_single_request_headers:
            if look_up or form is not None:
                headers = names.without(headers, names.SINGLE_REQUEST)
            elif method == "GET":
                # Without ranges: v1's response has another body than v2's.
                headers = names.without(headers, names.IDEMPOTENCY | names.RANGES)
            else:
                headers = self._number_idempotency_key(headers)
        content: Body | Multipart = b""
        if form is not None:
            content = form
        elif body is not None:
            content = to_json(body)
            headers = headers.adding(_JSON_TYPE)
        return V2Request(method, self.policy.base_url + path, headers, content, kind, paid, notices=self.take_notices())

    def _number_idempotency_key(self, headers: Headers) -> Headers:
        """Return the headers of the next request that changes something.

        Its idempotency key is the same whenever the caller repeats the call, and another for each request of the call.
        """
        self._change_count += 1
        if self._change_count == 1:
            return headers
        suffix = f"-{self._change_count}"
        return Headers(
            [
                (name, value + suffix) if name.lower() in names.IDEMPOTENCY else (name, value)
                for name, value in names.without(headers, names.CONDITIONS)
            ]
        )

    def build_file_request(self, url: str) -> V2Request:
        """Return a request for a result file, without what is meant for the API alone."""
        headers = [pair for pair in self.request.headers if pair[0].lower() in names.FILE_REQUEST]
        return V2Request("GET", url, headers, kind="file", stream=True, notices=self.take_notices())

    def passthrough(self, reason: str, field: str = "", *, paid: bool) -> Flow:
        """Send the caller's own call to v1, at the base URL, and return its response as it is.

        ``field``: the v1 field that is the reason, if one is. Raises :class:`StrictModeError` in strict mode.
        """
        operation = self.call.operation.v1
        if self.policy.mode == "strict":
            raise StrictModeError(
                f"{operation} was not sent (strict mode): v2 can't do this call: {reason}", operation=operation
            )
        text = f"{operation}: sent to v1 unchanged, because {reason}"
        self.add_notices([Notice("passthrough", operation, field, None, "", None, text)])
        request = self.request
        headers = self._with_key(names.without(request.headers, names.CONNECTION))
        if self._has_single_request_headers and request.method.upper() != "GET":
            headers = self._number_idempotency_key(headers)
        url = self.policy.base_url + self.call.path + (f"?{self.call.query}" if self.call.query else "")
        response = yield V2Request(
            request.method, url, headers, request.body, "v1", paid, stream=True, notices=self.take_notices()
        )
        return self.return_unchanged(response, headers)

    def return_unchanged(self, response: V2Response, headers: Headers) -> V1Response:
        """Return a response as it is, unless the library would follow it with the request's key or body."""
        has_private_parts = body_size(self.request.body) or any(is_secret(name) for name, _ in headers)
        if has_private_parts and names.is_redirect(response.status, response.headers):
            return self.error_response(response)
        return V1Response(response.status, response.headers, response.body, response.native, self.take_notices())

    @property
    def may_fall_back_to_v1(self) -> bool:
        """Whether to try v1 after a 404: the id may come from a call forwarded to v1, and a 404 changed nothing."""
        return bool(self.call.id) and "+" not in self.call.id and self.policy.mode == "lenient"

    def fall_back_to_v1(self, *, paid: bool = False) -> Flow:
        """Send the call to v1, since v2 does not know its id. A paid call only if v1 is known to have it."""
        return (yield from self.passthrough("v2 does not know this id", paid=paid))

    # Credit limit

    @property
    def has_credit_limit(self) -> bool:
        """Whether the policy has a limit in credits."""
        return self.policy.max_credits is not None

    def check_price(self, price: Estimate) -> None:
        """Raise :class:`CreditLimitError` if an estimate is above the policy's limit."""
        limit = self.policy.max_credits
        if limit is not None and not price.credits <= limit:
            raise CreditLimitError(
                f"{self.call.operation.v1} was not sent: it would cost {price}, and the limit is {limit:g}. "
                f"Raise {self.policy.how_to_set('max_credits')} or ask for fewer or shorter scenes.",
                operation=self.call.operation.v1,
            )

    def check_credits(self, operation: str, bodies: Iterable[Mapping[str, Any]], why: str = "") -> None:
        """Raise :class:`CreditLimitError` if calls of a v2 operation, one per body, are above the limit or unpriced.

        ``why``: why they can't be priced, if that is known already.
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
        """Raise :class:`CreditLimitError` if there is a limit, and a header that may change the method."""
        method = self.request.method
        if self.has_credit_limit and (header := names.method_override_header(method, self.request.headers)):
            self.raise_unpriced(f"its header {header} may override the method {method}")

    def raise_unpriced(self, why: str) -> NoReturn:
        """Raise :class:`CreditLimitError`: there is a limit, and the price of the call is unknown."""
        raise CreditLimitError(
            f"{self.call.operation.v1} was not sent: there is a limit of {self.policy.max_credits:g} credits, and the "
            f"price of this call is unknown: {why}",
            operation=self.call.operation.v1,
        )

    # Responses

    def success_response(self, response: V2Response, data: Any) -> V1Response:
        """Return ``{"data": data}`` with the headers of a v2 response that still apply."""
        return self._json_response(response.status, response.headers, {"data": data})

    def error_response(
        self, response: V2Response, translation: Translation | None = None, job_ids: Iterable[str] = ()
    ) -> V1Response:
        """Return a v2 error, or an unexpected redirect, as a v1 error that names the jobs already created."""
        if 300 <= response.status < 400:
            detail = (
                f"{self.policy.base_url} returned {response.status}, a redirect. It was not followed, so that the key "
                "goes nowhere else: set the base URL to the API's own address."
            )
            payload: Json = {"message": "UNEXPECTED_REDIRECT", "detail": detail, "code": "UNEXPECTED_REDIRECT"}
        else:
            origins = translation.origins if translation else {}
            content_type = names.first_value(response.headers, "content-type")
            payload = responses.error(response.status, response.body, content_type, origins)
        created = list(job_ids)
        if created:
            payload["created_ids"] = created
            note = f"Already created, and paid for: {', '.join(created)}."
            if isinstance(payload.get("detail"), list):  # validation errors, of a 422
                payload.setdefault("message", note)
            else:
                payload["detail"] = f"{payload['detail']} {note}" if isinstance(payload.get("detail"), str) else note
        return self._json_response(response.status, response.headers, payload)

    def local_error(self, status: int, code: str, detail: str) -> V1Response:
        """Return an error in v1's format, for a call that v1 itself would have rejected."""
        return self._json_response(status, (), {"message": code, "detail": detail, "code": code})

    def _json_response(self, status: int, headers: Iterable[tuple[str, str]], payload: Json) -> V1Response:
        kept = [pair for pair in headers if pair[0].lower() not in names.RESPONSE_BODY]
        if status in (204, 205, 304):  # no body may follow these
            return V1Response(status, kept, notices=self.take_notices())
        try:
            body = to_json(payload)
        except RecursionError:
            data = payload.get("data")
            id = data.get("id") if isinstance(data, dict) else None
            raise UpstreamError(
                f"{self.call.operation.v1}: the server returned {status} with JSON that is nested too deeply",
                operation=self.call.operation.v1,
                job_ids=(id,) if isinstance(id, str) else (),
            ) from None
        return V1Response(status, [*kept, _JSON_TYPE], body, notices=self.take_notices())

    def parse_object(self, response: V2Response, *, paid: bool, job_ids: Iterable[str] = ()) -> Json:
        """Return the JSON object of a successful v2 response. An empty body is an empty object.

        Raises :class:`UpstreamError`, which names ``job_ids``, for anything else: an HTML page, ``null``, a list, half
        a JSON text.
        """
        if not response.body:
            return {}
        try:
            value = responses.parse(response.body)
            what = f"JSON that is not an object ({type(value).__name__})"
        except (ValueError, RecursionError):
            value = None
            what = f"{names.first_value(response.headers, 'content-type') or 'a body without a type'} that is not JSON"
        if isinstance(value, dict):
            return value
        suffix = f" {MAY_EXIST}" if paid else ""
        raise UpstreamError(
            f"{self.call.operation.v1}: the server returned {response.status} with {what}.{suffix}",
            operation=self.call.operation.v1,
            job_ids=tuple(job_ids),
        )


def is_success(response: V2Response) -> bool:
    """Whether a response has a 2xx status."""
    return 200 <= response.status < 300


def redact_errors(flow: Flow, secrets: Secrets) -> Flow:
    """Return the same flow, with its own errors redacted."""
    try:
        return (yield from flow)
    except TranslationError as error:
        error.redact(secrets)
        # The local variables of the flow hold the caller's fields, and error reporters print those of each frame.
        raise error.with_traceback(None) from error.__cause__
