"""What a cassette stores of an exchange: nothing secret, and nothing that differs from one recording to the next.

Keys, ids of customers and the signatures of URLs are replaced. The same rules run when a cassette is played, so a
request matches whatever its boundary, key or port.
"""

from __future__ import annotations

import json
import os
import re
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import yaml
from vcr.serializers import yamlserializer

HOME = Path(__file__).resolve().parents[2]
#: Where the cassettes are. ``scripts/record`` writes to another folder, and replaces this one if all has gone well.
CASSETTES = Path(os.environ.get("RECORD_INTO", HOME / "cassettes"))
API = "https://api.vimmerse.net"
FILES = "https://media.vimmerse.net"
BOUNDARY = "boundary-of-this-cassette"

# Of a request: what the exchange is about. The key's header is named, its value is not kept.
KEPT_REQUEST = {"content-type", "range", "x-api-key"}
KEPT_ANSWER = {"content-type", "content-range", "retry-after", "location"}

_BOUNDARY = re.compile(r'boundary="?([^";]+)"?')
# The account that made the recording. Its id may stand in URLs, too.
_CUSTOMER = re.compile(rb'(\\?"(?:customer_id|primary_user_id)\\?"\s*:\s*)(?:(\\?")([^"\\]+)\\?"|([0-9]+))')
_SHORT = 6  # an id of fewer characters may be part of anything, so it is replaced in its own field only
# What makes a URL a signed one, as S3, CloudFront, Google and Azure write it; also as part of a form or of JSON text.
_SIGNED = re.compile(
    rb"((?:[?&;]|\\u0026|%3F|%26)"
    rb"(?:X-(?:Amz|Goog)-[A-Za-z-]+|AWSAccessKeyId|GoogleAccessId|Key-Pair-Id|Signature|Expires|Policy"
    rb"|(?:access_|auth_)?token|hmac|sig|se|skoid|sktid)(?:=|%3D))"
    rb"(?:(?!%26|%22|%2C|\\u0026)[^&;,\"'\s\\<>#])+",
    re.IGNORECASE,
)


class Scrubber:
    """Hooks for VCR.py. ``origins`` maps where a recording talks to, to what the cassette says."""

    def __init__(self, origins: dict[str, str], secrets: tuple[str, ...]) -> None:
        self._origins = origins
        self._secrets = tuple(secret for secret in secrets if secret)
        self._spellings = {form for secret in self._secrets for form in (secret, quote(secret, safe=""))}
        self._customers: set[bytes] = set()  # as they have come up in this recording

    def request(self, request: Any) -> Any:
        """``before_record_request``."""
        parts = urlsplit(request.uri)
        origin = f"{parts.scheme}://{parts.netloc}"
        moved = urlsplit(self._origins.get(origin, origin))
        uri = urlunsplit(parts._replace(scheme=moved.scheme, netloc=moved.netloc))
        request.uri = self._clean(uri.encode()).decode()
        headers = {str(name).lower(): _text(value) for name, value in request.headers.items()}
        kept = {name: headers[name] for name in sorted(headers) if name in KEPT_REQUEST}
        if "x-api-key" in kept:  # a key that is not the caller's must not pass for it
            kept["x-api-key"] = "KEY" if kept["x-api-key"] in ("KEY", *self._secrets) else "ANOTHER KEY"
        body = request.body
        if hasattr(body, "read"):
            body = body.read()
        if not isinstance(body, bytes | str | None):
            body = b"".join(body)
        boundary = _BOUNDARY.search(kept.get("content-type", ""))
        if boundary and isinstance(body, bytes):
            body = body.replace(boundary[1].encode(), BOUNDARY.encode())
            kept["content-type"] = f"multipart/form-data; boundary={BOUNDARY}"
        request.headers = kept
        request.body = self._clean(body)
        return request

    def response(self, response: Any) -> Any:
        """``before_record_response``."""
        headers = {str(name).lower(): value for name, value in response["headers"].items()}
        kept = {name: self._clean(_text(headers[name])) for name in sorted(headers) if name in KEPT_ANSWER}
        body = self._clean(response["body"].get("string"))
        # A cassette is read by people: JSON is kept as text, as long as it is what was sent.
        return {**response, "headers": {name: [_text(value)] for name, value in kept.items()}, "body": {"string": body}}

    def value(self, value: Any) -> Any:
        """A JSON value, cleaned as bodies are."""
        return json.loads(self._clean(json.dumps(value).encode()))

    def _clean(self, body: Any) -> Any:
        if not isinstance(body, bytes | str) or not body:
            return body
        content = body.encode() if isinstance(body, str) else body
        for origin, public in self._origins.items():
            content = content.replace(origin.encode(), public.encode())
        for secret in self._spellings:
            content = content.replace(secret.encode(), b"KEY")
        self._customers.update(match[3] or match[4] for match in _CUSTOMER.finditer(content))
        content = _CUSTOMER.sub(
            lambda match: match[1] + (match[2] + b"CUSTOMER" + match[2] if match[2] else b"0"), content
        )
        for customer in sorted((each for each in self._customers if len(each) >= _SHORT), key=len, reverse=True):
            content = re.sub(rb"(?<![\w-])" + re.escape(customer) + rb"(?![\w-])", b"CUSTOMER", content)
        return _SIGNED.sub(rb"\1SIGNED", content)


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        value = value[0]
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def same_body(first: Any, second: Any) -> None:
    """VCR.py's matcher: equal bytes, once boundaries and keys are out of the way."""
    assert (first.body or b"") == (second.body or b""), "the bodies differ"


def same_headers(first: Any, second: Any) -> None:
    """VCR.py's matcher: the same content type, the same range, and the key on both or on neither."""
    assert dict(first.headers) == dict(second.headers), "the headers differ"


class Serializer:
    """YAML with a header that says where the recording came from."""

    def __init__(self, header: str) -> None:
        self._header = "".join(f"# {line}\n" for line in header.splitlines())

    def serialize(self, cassette: dict[str, Any]) -> str:
        """A cassette's text."""
        text: str = yaml.dump(cassette, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
        return self._header + text

    def deserialize(self, text: str) -> Any:
        """A cassette from its text; the header is a comment."""
        return yamlserializer.deserialize(text)


class _Dumper(yaml.SafeDumper):
    pass


def _bytes(dumper: yaml.SafeDumper, value: bytes) -> yaml.Node:
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return yaml.SafeDumper.represent_binary(dumper, value)
    if not text.isprintable() and any(not (char.isprintable() or char in "\r\n\t") for char in text):
        return yaml.SafeDumper.represent_binary(dumper, value)
    return dumper.represent_str(text)


_Dumper.add_representer(bytes, _bytes)


def part_names(content_type: str, body: bytes) -> list[str]:
    """The names of a recorded multipart form's parts, for tests that look into a cassette."""
    assert BOUNDARY in content_type
    names = []
    for piece in body.split(f"--{BOUNDARY}".encode())[1:-1]:
        headers = BytesHeaderParser().parsebytes(piece.strip(b"\r\n").partition(b"\r\n\r\n")[0])
        name = headers.get_param("name", header="content-disposition")
        names.append(str(name))
    return names
