"""What a conversation is made of: the messages that adapters and the core exchange.

Laws:

* Headers are tuples of pairs, in order, duplicates kept: two ``Set-Cookie`` stay two.
* A body is ``bytes``, or a :class:`StoredBody` that the adapter has already received and can be read
  more than once. The core never consumes a caller's stream: an adapter stores it first.
* A message never shows a secret: ``repr`` leaves headers and bodies out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, Protocol

from vimmerse.compat.core.record import Record, shown

Headers = tuple[tuple[str, str], ...]


class StoredBody(Protocol):
    """A received body that can be read again and again, in constant memory."""

    @property
    def size(self) -> int:
        """Length in bytes."""
        ...

    def chunks(self) -> Iterator[bytes]:
        """The content from its beginning, in pieces of at most 256 KiB."""
        ...

    def part(self, start: int, size: int) -> StoredBody:
        """The ``size`` bytes from offset ``start``, as a body of its own (shares the storage)."""
        ...


Body = bytes | StoredBody


class UploadPart(Record):
    """One file of a multipart form."""

    __slots__ = ("name", "filename", "content_type", "content")  # noqa: RUF023  # in the order of __init__
    _unseen = frozenset({"content"})
    name: str
    filename: str
    content_type: str
    content: Body

    def __init__(self, name: str, filename: str, content_type: str, content: Body) -> None:
        self._fill(name=name, filename=filename, content_type=content_type, content=content)


class Multipart(Record):
    """A form of files to send. The adapter picks the boundary and encodes (``adapters._bodies.encode``)."""

    __slots__ = ("parts",)
    parts: tuple[UploadPart, ...]

    def __init__(self, parts: tuple[UploadPart, ...]) -> None:
        self._fill(parts=parts)


NoticeKind = Literal["deprecated", "lossy", "passthrough", "failed", "paid"]


class Notice(NamedTuple):
    """Something that the caller should know about a call; adapters turn it into a Python warning.

    ``str(notice)`` is the whole one-line text. ``field`` is empty where the call as a whole is meant.
    ``failed``: a job has failed or was cancelled; nothing is wrong with the call itself.
    ``paid``: about a request that may cost credits: it was broken off, or is not repeated.
    ``once``: where set, an entry-point object shows the notice only the first time that this key comes up.
    """

    kind: NoticeKind
    operation: str  # the v1 call by its template: "POST /story/{story_id}/scenes"
    field: str
    value: object  # the caller's value, shortened; never the API key
    v2_field: str  # where it goes; "" for nowhere
    v2_value: object
    text: str
    once: str = ""

    def __str__(self) -> str:
        return self.text


_UNSEEN = frozenset({"headers", "body", "native"})


class V1Request(NamedTuple):
    """A v1 call as the caller made it. ``url`` is absolute."""

    method: str
    url: str
    headers: Headers = ()
    body: Body = b""

    def __repr__(self) -> str:
        return shown(self, self._fields, _UNSEEN)


class V2Request(NamedTuple):
    """One request to send, and what the adapter must know to send it right.

    ``kind``: ``"v2"`` a translated call; ``"v1"`` the caller's own call, passed to v1 at the base URL;
    ``"file"`` a result file on whatever host holds it (never carries the key).
    ``paid``: the server may charge for it, so it is sent at most once: no retry may repeat it
    unless it surely did not reach the server.
    ``stream``: leave the body of the answer unread and hand the library's response over as
    :attr:`V2Response.native`; of a ``"file"`` that is no 2xx read the body and hand both over.
    ``notices``: to be shown before this request is sent, so that a warning turned into an error costs nothing.
    """

    method: str
    url: str
    headers: Headers = ()
    body: Body | Multipart = b""
    kind: Literal["v2", "v1", "file"] = "v2"
    paid: bool = False
    stream: bool = False
    notices: tuple[Notice, ...] = ()

    def __repr__(self) -> str:
        return shown(self, self._fields, _UNSEEN)


class V2Response(NamedTuple):
    """The answer to a :class:`V2Request`. ``body`` is decoded (no content-encoding is left).

    ``native`` is the library's own response where ``stream`` was asked for; the core only hands it on.
    """

    status: int
    headers: Headers = ()
    body: bytes = b""
    native: object = None

    def __repr__(self) -> str:
        return shown(self, self._fields, _UNSEEN)


class V1Response(NamedTuple):
    """What the caller gets. Where ``native`` is set, the body is the stream of that response."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    native: object = None
    notices: tuple[Notice, ...] = ()  # those that came too late for any request

    def __repr__(self) -> str:
        return shown(self, self._fields, _UNSEEN)
