"""One interaction of a cassette, as VCR.py and as Betamax store it: read, and written anew with another exchange.

A new interaction has the keys of the recorded one, in their order, and what is not about the exchange (``recorded_at``)
unchanged.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from vimmerse.compat.core.messages import Headers, Multipart, V1Request, V2Response, is_secret
from vimmerse.compat.flows.headers import BODY, first_value, without
from vimmerse.compat.migrate.cassettes.exchanges import Left, Recorded, Step
from vimmerse.compat.runtime.bodies import encode

Json = dict[str, Any]
MAX_BODY = 64 * 1024 * 1024
_BOUNDARY = re.compile(r'boundary="?([^";]+)"?')


class Interaction:
    """A recorded request and response."""

    def __init__(self, data: Any, *, is_betamax: bool) -> None:
        self.data = data
        self._is_betamax = is_betamax

    @property
    def url(self) -> str:
        """The address of the request, or empty text."""
        request = self.data.get("request") if isinstance(self.data, dict) else None
        url = request.get("uri") if isinstance(request, dict) else None
        return url if isinstance(url, str) else ""

    def read(self) -> Recorded:
        """Return the exchange. Raises :class:`Left` if the interaction is not as the tools write it."""
        try:
            request, response = self.data["request"], self.data["response"]
            headers = _headers(request.get("headers"))
            body = self._body(request.get("body"))
            v1_request = V1Request(_text(request["method"]), self.url, headers, body)
            if "status_code" in response:  # of httpx, by releases of VCR.py before 6
                status, content = response["status_code"], self._body(response.get("content"))
            else:
                status, content = response["status"]["code"], self._body(response.get("body"))
            response_headers = _headers(response.get("headers"))
            if type(status) is not int:
                raise TypeError
        except (LookupError, TypeError, AttributeError, ValueError):
            raise Left("it is not an interaction as VCR.py or Betamax writes it") from None
        return Recorded(v1_request, status, response_headers, _decompress(content, response_headers))

    def replaced(self, step: Step) -> Json:
        """Return the interaction of another exchange."""
        request, response = dict(self.data["request"]), dict(self.data["response"])
        request["uri"] = step.request.url
        if not self._is_own(step):
            request["method"] = step.request.method
            pairs, body = _encode(step, request.get("headers"))
            request["headers"] = _like(request.get("headers"), pairs)
            request["body"] = self._stored_request_body(body, request.get("body"))
        if "url" in response:
            response["url"] = step.request.url
        if not step.as_recorded:
            status = {"code": step.response.status, "message": self._reason(step.response)}
            headers = _like(response.get("headers"), step.response.headers)
            new = {"status": status, "headers": headers, "body": self._stored_response_body(step.response.body)}
            kept = {key: value for key, value in response.items() if key not in ("status_code", "content")}
            response = {**kept, **new}
        return {**self.data, "request": request, "response": response}

    def _is_own(self, step: Step) -> bool:
        """Whether a request is the recorded one, but for its host."""
        return step.as_recorded and step.request.kind != "file"

    def _reason(self, response: V2Response) -> Any:
        status = self.data["response"].get("status")
        if isinstance(status, dict) and status.get("code") == response.status:
            return status.get("message")
        try:
            return HTTPStatus(response.status).phrase
        except ValueError:
            return ""

    def _body(self, stored: Any) -> bytes:
        if isinstance(stored, dict):
            if isinstance(stored.get("base64_string"), str):
                return base64.b64decode(stored["base64_string"], validate=True)
            stored = stored.get("string")
        if stored is None:
            return b""
        if isinstance(stored, list):  # of a body that was an iterator
            return b"".join([_bytes(piece) for piece in stored])
        return _bytes(stored)

    def _stored_request_body(self, body: bytes, old: Any) -> Any:
        if self._is_betamax:
            return _betamax_body(body)
        if not body:
            return "" if old == "" else None
        return _readable(body)

    def _stored_response_body(self, body: bytes) -> Any:
        return _betamax_body(body) if self._is_betamax else {"string": _readable(body)}


def recorded_keys(recorded: Recorded) -> Iterator[str]:
    """Yield the names of request headers that seem to hold a real secret, not a placeholder."""
    for name, value in recorded.request.headers:
        if is_secret(name) and _looks_real(value):
            yield name


def _looks_real(value: str) -> bool:
    # Placeholders are words: KEY, <X-API-KEY>, a-key-of-the-tests, ********.
    words = re.findall("[0-9A-Za-z]+", value)
    return any(len(word) >= 20 or (len(word) >= 8 and re.search("[0-9]", word)) for word in words)


def _encode(step: Step, old_headers: Any) -> tuple[Headers, bytes]:
    """Return the headers and the body of a request. A form keeps the boundary of the recorded one."""
    body = step.request.body
    if isinstance(body, bytes):
        return step.request.headers, body
    assert isinstance(body, Multipart)  # nothing here is stored on disk
    match = _BOUNDARY.search(first_value(_headers(old_headers), "content-type"))
    payload = encode(body, match[1] if match else "boundary-of-this-cassette")
    content = payload.content if isinstance(payload.content, bytes) else b"".join(payload.content)
    return without(step.request.headers, BODY).adding(("Content-Type", payload.content_type)), content


def _headers(stored: Any) -> Headers:
    if stored is None:
        return Headers()
    pairs: list[tuple[str, str]] = []
    for name, values in stored.items():
        pairs += [(_text(name), _text(value)) for value in (values if isinstance(values, list) else [values])]
    return Headers(pairs)


def _like(stored: Any, headers: Headers) -> Json:
    """Return headers as the recorded ones are stored: with the same spelling, as lists or as text."""
    old = stored if isinstance(stored, dict) else {}
    spelling = {str(name).lower(): name for name in old}
    as_text = bool(old) and not any(isinstance(value, list) for value in old.values())
    found: dict[Any, list[str]] = {}
    for name, value in headers:
        lower = name.lower()
        known = spelling.get(lower, lower if old and all(str(each).islower() for each in old) else name)
        found.setdefault(known, []).append(value)
    ordered = {name: found[name] for name in old if name in found} | found
    return {name: ", ".join(values) if as_text else values for name, values in ordered.items()}


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if not isinstance(value, str):
        raise TypeError
    return value


def _bytes(value: Any) -> bytes:
    if isinstance(value, str):
        return value.encode()
    if not isinstance(value, bytes):
        raise TypeError
    return value


def _readable(body: bytes) -> str | bytes:
    """Return text where a body is text, so that people can read the cassette."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body


def _betamax_body(body: bytes) -> Json:
    text = _readable(body)
    if isinstance(text, str):
        return {"encoding": "utf-8", "string": text}
    return {"encoding": "utf-8", "base64_string": base64.b64encode(text).decode("ascii")}


def _decompress(body: bytes, headers: Headers) -> bytes:
    """Return a body without its content-encoding. Raises :class:`Left`."""
    encoding = first_value(headers, "content-encoding").strip().lower()
    if not body or encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        if body[:1] in (b"{", b"["):  # the tool has decompressed it, and kept the header
            return body
        raise Left(f"its response is compressed with {encoding[:20]}")
    for window in (47, -15):  # gzip or zlib, and deflate without a header
        decompressor = zlib.decompressobj(window)
        try:
            content = decompressor.decompress(body, MAX_BODY)
        except zlib.error:
            continue
        if decompressor.unconsumed_tail or not decompressor.eof:
            raise Left(f"its compressed response is cut short, or larger than {MAX_BODY} bytes")
        return content
    return body  # decompressed already
