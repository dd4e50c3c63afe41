"""Types that the models and operations share, and the checks of values that go into a request."""

import os
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, BinaryIO, Generic, TypedDict, TypeVar
from urllib.parse import quote

from attrs import define, field

if TYPE_CHECKING:
    import httpx


# What httpx accepts as `files=`.
FileContent = IO[bytes] | bytes | str
FileTypes = tuple[str | None, FileContent, str | None] | tuple[str | None, FileContent, str | None, Mapping[str, str]]
RequestFiles = list[tuple[str, FileTypes]]


@define
class File:
    """A file to upload, or a downloaded file.

    ``payload``: a file opened in binary mode. All of it is uploaded, wherever its current position is.
    ``file_name``: the name sent to the server; defaults to that of the open file, or else ``upload``.
    ``mime_type``: such as ``image/png``; defaults to the type that the file name suggests.
    """

    payload: BinaryIO
    file_name: str | None = None
    mime_type: str | None = None

    def to_tuple(self) -> FileTypes:
        """Return the file as httpx accepts it."""
        # Without a name the server would take the part for a text field.
        name = self.file_name or os.path.basename(str(getattr(self.payload, "name", ""))) or "upload"
        return name, self.payload, self.mime_type


def text_part(value: object) -> FileTypes:
    """Return a text part of a multipart form; the API spells booleans ``true`` and ``false``."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return None, text.encode(), "text/plain"


def path_segment(name: str, value: object) -> str:
    """Return ``value`` quoted as one segment of a URL's path.

    Raises:
        ValueError: ``value`` is not a string, is blank, or is ``.`` or ``..``, which would lead to another URL.
    """
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text, not {type(value).__name__}")
    if not value.strip() or value in (".", ".."):
        raise ValueError(f"{name} is {value!r}; it must be an id")
    return quote(value, safe="")


T = TypeVar("T")


@define
class Response(Generic[T]):
    """The complete response to a call, whatever its status.

    ``status_code``: the number that was sent, which may be one that HTTP does not define (520).
    ``content``: the body, decompressed.
    ``headers``: looked up in any letter case.
    ``parsed``: the model documented for this status, also for an error. None if the status is not documented, or the
    body does not match its documentation.
    ``request_id``: what the service calls the request in its logs, or None.
    ``attempts``: how many times the call was sent.
    """

    status_code: int
    content: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    parsed: T
    request_id: str | None = None
    attempts: int = 1


class RequestOptions(TypedDict, total=False):
    """What each call accepts beside its own arguments.

    ``timeout``: seconds, or an ``httpx.Timeout``, instead of the client's. None: no limit.
    ``max_retries``, ``retry_refused``: instead of the client's.
    ``extra_headers``: sent with this call. They replace the client's headers of the same name. The API key and the
    ``Content-Type`` can't be replaced.
    ``extra_body``: further fields of a JSON body, for what the service has added since this version was published.
    """

    timeout: "float | httpx.Timeout | None"
    max_retries: int
    retry_refused: bool
    extra_headers: Mapping[str, str]
    extra_body: Mapping[str, object]


__all__ = ["File", "FileTypes", "RequestFiles", "RequestOptions", "Response"]
