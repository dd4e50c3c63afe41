"""What a cassette stores of an exchange: nothing secret, and nothing that differs from one recording to the next.

The same rules run when a cassette is played, so a request matches whatever its boundary, key or port.
"""

from __future__ import annotations

import re
from email.parser import BytesHeaderParser
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import yaml
from vcr.serializers import yamlserializer

API = "https://api.vimmerse.net"
FILES = "https://media.vimmerse.net"
BOUNDARY = "boundary-of-this-cassette"

# Of a request: what the exchange is about. The key's header is named, its value is not kept.
KEPT_REQUEST = {"content-type", "range", "x-api-key"}
KEPT_ANSWER = {"content-type", "content-range", "retry-after", "location"}

_BOUNDARY = re.compile(r'boundary="?([^";]+)"?')


class Scrubber:
    """Hooks for VCR.py. ``origins`` maps where a recording talks to, to what the cassette says."""

    def __init__(self, origins: dict[str, str], secrets: tuple[str, ...]) -> None:
        self._origins = origins
        self._secrets = tuple(secret for secret in secrets if secret)

    def request(self, request: Any) -> Any:
        """``before_record_request``."""
        parts = urlsplit(request.uri)
        origin = f"{parts.scheme}://{parts.netloc}"
        moved = urlsplit(self._origins.get(origin, origin))
        request.uri = urlunsplit(parts._replace(scheme=moved.scheme, netloc=moved.netloc))
        headers = {str(name).lower(): _text(value) for name, value in request.headers.items()}
        kept = {name: headers[name] for name in sorted(headers) if name in KEPT_REQUEST}
        if "x-api-key" in kept:
            kept["x-api-key"] = "KEY"
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
        kept = {name: headers[name] for name in sorted(headers) if name in KEPT_ANSWER}
        body = self._clean(response["body"].get("string"))
        # A cassette is read by people: JSON is kept as text, as long as it is what was sent.
        return {**response, "headers": kept, "body": {"string": body}}

    def _clean(self, body: Any) -> Any:
        if not isinstance(body, bytes | str) or not body:
            return body
        content = body.encode() if isinstance(body, str) else body
        for origin, public in self._origins.items():
            content = content.replace(origin.encode(), public.encode())
        for secret in self._secrets:
            content = content.replace(secret.encode(), b"KEY")
        return content


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        value = value[0]
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def same_body(first: Any, second: Any) -> None:
    """VCR.py's matcher: equal bytes, once boundaries and keys are out of the way."""
    assert (first.body or b"") == (second.body or b""), "the bodies differ"


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
