"""What the emulator recorded: requests with their bodies, and webhook calls."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Literal, overload

Kind = Literal["none", "json", "form", "multipart", "other"]


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file.

    ``field``: the name of the form's field. ``filename``, ``content_type``: as they were sent.
    ``size``: in bytes. ``sha256``: of its bytes, in hexadecimal digits.
    ``content``: its bytes, or None if it was too large to keep.
    """

    field: str
    filename: str
    content_type: str
    size: int
    sha256: str
    content: bytes | None = attribute(repr=False)


@dataclass(slots=True)
class RequestBody:
    """A received body. ``raw`` is its beginning, or all of it if it has ``size`` bytes."""

    kind: Kind = "none"
    content_type: str = ""
    size: int = 0
    raw: bytes = attribute(default=b"", repr=False)
    fields: tuple[tuple[str, str], ...] = attribute(default=(), repr=False)
    uploads: tuple[Upload, ...] = ()
    json: object = attribute(default=None, repr=False)
    problem: str = ""  # why it can't be parsed
    problem_at: int = 0
    too_large: bool = False
    disconnected: bool = False  # the client went away before all of it had arrived


@dataclass(slots=True, eq=False)
class RecordedRequest:
    """One request as it was sent, and the status of its response.

    ``method``, ``path``, ``query``: as they were sent; the query without its question mark.
    ``headers``: pairs in the order sent, names in lower case.
    ``content``: the body, which the properties below show.
    ``status``: that of the response, or None if there was none.
    ``operation``: the spec's template (``POST /v2/media``), or empty for a path that neither spec has.
    ``fault``: the kind of the injected fault, or empty.
    ``ids``: the ids that were made for it, of stories, media, images and files.
    """

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...] = attribute(repr=False)
    content: RequestBody = attribute(default_factory=RequestBody, repr=False)
    status: int | None = None
    operation: str = ""
    fault: str = ""  # the kind of the injected fault
    ids: tuple[str, ...] = ()

    @overload
    def header(self, name: str) -> str | None: ...
    @overload
    def header(self, name: str, default: str) -> str: ...
    def header(self, name: str, default: str | None = None) -> str | None:
        """The value of the first header ``name``, whatever its case; ``default`` if there is none."""
        return next((value for key, value in self.headers if key == name.lower()), default)

    @property
    def body(self) -> bytes:
        """The raw body, or only its beginning if it was too large to keep (see ``size``)."""
        return self.content.raw

    @property
    def size(self) -> int:
        """Bytes of the body."""
        return self.content.size

    @property
    def json(self) -> object:
        """The parsed JSON body, or None."""
        return self.content.json

    @property
    def form(self) -> tuple[tuple[str, str], ...]:
        """The text fields of a form or multipart body, in order, duplicates kept."""
        return self.content.fields

    @property
    def uploads(self) -> tuple[Upload, ...]:
        """The files of a multipart body."""
        return self.content.uploads


@dataclass(frozen=True, slots=True)
class RecordedWebhook:
    """One webhook call.

    ``url``: where it went. ``payload``: what was sent.
    ``status``: the receiver's; None, with the reason in ``error``, if there was none.
    """

    url: str
    payload: dict[str, object]
    status: int | None
    error: str = ""
