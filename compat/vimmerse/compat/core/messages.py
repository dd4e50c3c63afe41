"""The requests, responses and notices that flows and entry points exchange.

* Headers are pairs, in order, with duplicates: two ``Set-Cookie`` stay two.
* A body is ``bytes``, or a :class:`StoredBody`, which has been received and can be read more than once.
* A message never shows a secret. Its ``repr`` omits headers and bodies, and messages and headers are not tuples,
  sequences or mappings: error reporters print the items of those.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal, Protocol

from vimmerse._http.redaction import NO_SECRETS, Secrets, one_line
from vimmerse.compat.core.record import Record, Value

#: Headers as arguments; messages convert them to :class:`Headers`.
Pairs = Collection[tuple[str, str]]

#: Headers whose values are never shown, logged or kept.
SECRET_HEADERS = frozenset({"x-api-key", "authorization", "proxy-authorization", "cookie", "set-cookie"})
_SECRET_WORDS = ("key", "token", "secret", "auth", "cookie", "password", "session", "credential", "signature")


class Headers:
    """Immutable header pairs; equal to other headers, or a tuple, with the same pairs."""

    __slots__ = ("_pairs",)

    def __init__(self, pairs: Pairs = ()) -> None:
        self._pairs = tuple(pairs)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def __contains__(self, pair: object) -> bool:
        return pair in self._pairs

    def adding(self, *pairs: tuple[str, str]) -> Headers:
        """Return these headers followed by ``pairs``."""
        return Headers(self._pairs + pairs)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Headers):
            return self._pairs == other._pairs
        return self._pairs == other if isinstance(other, tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._pairs)

    def __repr__(self) -> str:
        """Show the pairs without the values of secret headers, which are hidden in other headers too."""
        concealed = [(is_secret(name), name, value) for name, value in self._pairs]
        secrets = Secrets([part for secret, _, value in concealed if secret for part in (value, *value.split())])
        shown = [
            (secrets.redact(name), "[hidden]" if secret else secrets.redact(value)) for secret, name, value in concealed
        ]
        return f"Headers({shown!r})"

    def __reduce__(self) -> tuple[object, ...]:
        return Headers, (self._pairs,)


def is_secret(name: str) -> bool:
    """Whether a header of this name probably contains a secret."""
    lower = name.lower()
    return lower in SECRET_HEADERS or any(word in lower for word in _SECRET_WORDS)


def keys_of(*headers: Headers) -> Secrets:
    """Return the API keys in these headers."""
    keys = {value for each in headers for name, value in each if name.lower() == "x-api-key"}
    return Secrets(keys) if keys else NO_SECRETS


class StoredBody(Protocol):
    """A received body that can be read again and again, in constant memory."""

    @property
    def size(self) -> int:
        """Length in bytes."""
        ...

    def chunks(self) -> Iterator[bytes]:
        """The content from its beginning, in pieces of at most 64 KiB."""
        ...

    def part(self, start: int, size: int) -> StoredBody:
        """The ``size`` bytes from offset ``start``, as a body of its own (shares the storage)."""
        ...


Body = bytes | StoredBody


class UploadPart(Record):
    """One file of a multipart form."""

    __slots__ = ("name", "filename", "content_type", "content")  # noqa: RUF023  # in the order of __init__
    _unseen = frozenset({"content"})

    def __init__(self, name: str, filename: str, content_type: str, content: Body) -> None:
        self.name: str = name
        self.filename: str = filename
        self.content_type: str = content_type
        self.content: Body = content


class Multipart(Record):
    """A form of files to send, encoded by :func:`vimmerse.compat.runtime.bodies.encode`."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[UploadPart, ...]) -> None:
        self.parts: tuple[UploadPart, ...] = parts


NoticeKind = Literal["deprecated", "lossy", "passthrough", "failed", "paid"]


class Notice(Record):
    """Something that the caller should know about a call; shown as a Python warning. ``str(notice)`` is the text.

    Args:
        kind: ``"deprecated"``, ``"lossy"`` and ``"passthrough"`` are about the translation. ``"failed"``: a job has
            failed or was cancelled. ``"paid"``: a request that may cost credits was interrupted, or is not repeated.
        operation: The template of the v1 call: ``POST /story/{story_id}/scenes``.
        field: The v1 field; empty if the notice is about the whole call.
        value: The caller's value, shortened; never the API key.
        v2_field: Where the value goes; empty if it is dropped.
        v2_value: What is sent there, if that is known.
        text: The whole message; kept on one line.
        once: If set, an entry point shows only the first notice with this key.
    """

    __slots__ = ("kind", "operation", "field", "value", "v2_field", "v2_value", "text", "once")  # noqa: RUF023  # as above
    kind: NoticeKind
    operation: str
    field: str
    value: object
    v2_field: str
    v2_value: object
    text: str
    once: str

    def __init__(
        self,
        kind: NoticeKind,
        operation: str,
        field: str,
        value: object,
        v2_field: str,
        v2_value: object,
        text: str,
        once: str = "",
    ) -> None:
        self._fill(  # a call may give many notices
            kind=kind,
            operation=operation,
            field=one_line(field),
            value=value,
            v2_field=v2_field,
            v2_value=v2_value,
            text=one_line(text),
            once=once,
        )

    def __str__(self) -> str:
        return self.text

    def redacted(self, secrets: Secrets) -> Notice:
        """Return the notice without these secrets."""
        if not secrets.occur_in("\n".join(map(str, self._values()))):
            return self
        return self.replace(
            operation=secrets.redact(self.operation),
            field=secrets.redact(self.field),
            value=secrets.redact_value(self.value),
            v2_field=secrets.redact(self.v2_field),
            v2_value=secrets.redact_value(self.v2_value),
            text=secrets.redact(self.text),
            once=secrets.redact(self.once),
        )


class V1Request(Value):
    """A v1 call as the caller made it. ``url`` is absolute. ``body`` may be set until the call's flow is started."""

    __slots__ = ("method", "url", "headers", "body")  # noqa: RUF023  # in the order of __init__
    _unseen = frozenset({"headers", "body"})

    def __init__(self, method: str, url: str, headers: Pairs = (), body: Body = b"") -> None:
        self.method: str = method
        self.url: str = url
        self.headers: Headers = headers if isinstance(headers, Headers) else Headers(headers)
        self.body: Body = body


class V2Request(Value):
    """One request to send, and what the adapter must know to send it correctly.

    Args:
        method: In upper case.
        url: With the base URL.
        headers: Pairs; the key is among them.
        body: Bytes, a body that is stored in a file, or the parts of a form.
        kind: ``"v2"``: a translated call. ``"v1"``: the caller's own call, forwarded to v1 at the base URL, or a
            lookup there. ``"other"``: a call to the API that is not a v1 call, as it is. ``"file"``: a result file on
            whatever host holds it; it never carries the key.
        paid: The server may charge for it. So it is sent at most once: no retry may repeat it, unless it surely did not
            reach the server.
        stream: Leave the body of the response unread, and hand the library's response over as
            :attr:`V2Response.native`. Of a ``"file"`` that is not a 2xx, read the body and hand both over.
        notices: Shown before this request is sent, so that a warning turned into an error costs nothing.
    """

    __slots__ = ("method", "url", "headers", "body", "kind", "paid", "stream", "notices")  # noqa: RUF023  # as above
    _unseen = frozenset({"headers", "body"})

    def __init__(
        self,
        method: str,
        url: str,
        headers: Pairs = (),
        body: Body | Multipart = b"",
        kind: Literal["v2", "v1", "file", "other"] = "v2",
        paid: bool = False,
        stream: bool = False,
        notices: tuple[Notice, ...] = (),
    ) -> None:
        self.method: str = method
        self.url: str = url
        self.headers: Headers = headers if isinstance(headers, Headers) else Headers(headers)
        self.body: Body | Multipart = body
        self.kind = kind
        self.paid: bool = paid
        self.stream: bool = stream
        self.notices: tuple[Notice, ...] = notices


class V2Response(Value):
    """The response to a :class:`V2Request`. ``body`` is decoded: no content-encoding is left.

    ``native`` is the library's own response where ``stream`` was asked for; the core only passes it on.
    """

    __slots__ = ("status", "headers", "body", "native")  # noqa: RUF023  # as above
    _unseen = frozenset({"headers", "body", "native"})

    def __init__(self, status: int, headers: Pairs = (), body: bytes = b"", native: object = None) -> None:
        self.status: int = status
        self.headers: Headers = headers if isinstance(headers, Headers) else Headers(headers)
        self.body: bytes = body
        self.native: object = native


class V1Response(Value):
    """The response in v1's format.

    ``status``: the HTTP status. ``headers``: pairs. ``body``: the bytes, unless ``native`` is set.
    ``native``: the HTTP library's response to stream the body from, or None.
    ``notices``: those that came too late for any request.
    """

    __slots__ = ("status", "headers", "body", "native", "notices")  # noqa: RUF023  # as above
    _unseen = frozenset({"headers", "body", "native"})

    def __init__(
        self,
        status: int,
        headers: Pairs = (),
        body: bytes = b"",
        native: object = None,
        notices: tuple[Notice, ...] = (),
    ) -> None:
        self.status: int = status
        self.headers: Headers = headers if isinstance(headers, Headers) else Headers(headers)
        self.body: bytes = body
        self.native: object = native
        self.notices: tuple[Notice, ...] = notices
