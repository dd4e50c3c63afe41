"""What a conversation is made of: the messages that adapters and the core exchange.

Laws:

* Headers are tuples of pairs, in order, duplicates kept: two ``Set-Cookie`` stay two.
* A body is ``bytes``, or a :class:`StoredBody` that the adapter has already received and can be read
  more than once. The core never consumes a caller's stream: an adapter stores it first.
* A message never shows a secret: ``repr`` leaves headers and bodies out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol

Headers = tuple[tuple[str, str], ...]


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


@dataclass(frozen=True, slots=True)
class UploadPart:
    """One file of a multipart form."""

    name: str
    filename: str
    content_type: str
    content: Body = field(repr=False)


@dataclass(frozen=True, slots=True)
class Multipart:
    """A form of files to send. The adapter picks the boundary and encodes (``adapters._bodies.encode``)."""

    parts: tuple[UploadPart, ...]


NoticeKind = Literal["deprecated", "lossy", "passthrough"]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the caller should know about a call; adapters turn it into a Python warning.

    ``str(notice)`` is the whole one-line text. ``field`` is empty where the call as a whole is meant.
    """

    kind: NoticeKind
    operation: str  # the v1 call by its template: "POST /story/{story_id}/scenes"
    field: str
    value: object  # the caller's value, shortened; never the API key
    v2_field: str  # where it goes; "" for nowhere
    v2_value: object
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class V1Request:
    """A v1 call as the caller made it. ``url`` is absolute."""

    method: str
    url: str
    headers: Headers = field(default=(), repr=False)
    body: Body = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class V2Request:
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
    headers: Headers = field(default=(), repr=False)
    body: Body | Multipart = field(default=b"", repr=False)
    kind: Literal["v2", "v1", "file"] = "v2"
    paid: bool = False
    stream: bool = False
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class V2Response:
    """The answer to a :class:`V2Request`. ``body`` is decoded (no content-encoding is left).

    ``native`` is the library's own response where ``stream`` was asked for; the core only hands it on.
    """

    status: int
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    native: object = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class V1Response:
    """What the caller gets. Where ``native`` is set, the body is the stream of that response."""

    status: int
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    native: object = field(default=None, repr=False, compare=False)
    notices: tuple[Notice, ...] = ()  # those that came too late for any request
