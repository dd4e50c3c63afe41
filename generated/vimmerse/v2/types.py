# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""Types that the models and operations share."""

import os
from collections.abc import Mapping
from typing import IO, BinaryIO, Generic, Literal, TypeVar, cast
from urllib.parse import quote

from attrs import define


class Unset:
    """The type of ``UNSET``, the one value that says: not given. It is false, and copies of it are itself."""

    _only: "Unset | None" = None

    def __new__(cls) -> "Unset":
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"


UNSET: Unset = Unset()

# What httpx takes as `files=`.
FileContent = IO[bytes] | bytes | str
FileTypes = (
    tuple[str | None, FileContent, str | None]
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
RequestFiles = list[tuple[str, FileTypes]]


@define
class File:
    """A file to send or a file that was answered.

    ``payload``: open in binary mode; it is read from where it stands when the call is made.
    ``file_name``: what the server is told; by default the name that the open file bears, else ``upload``.
    ``mime_type``: such as ``image/png``; by default what the file name suggests.
    """

    payload: BinaryIO
    file_name: str | None = None
    mime_type: str | None = None

    def to_tuple(self) -> FileTypes:
        """The file as httpx takes it."""
        # Without a name the part would be a text field to the server.
        name = (
            self.file_name or os.path.basename(str(getattr(self.payload, "name", ""))) or "upload"
        )
        return name, self.payload, self.mime_type


def file_part(name: str, value: object) -> FileTypes:
    """A file as httpx takes it.

    Raises:
        TypeError: ``value`` is no :class:`File`, neither of this version nor of the other.
    """
    if not hasattr(value, "to_tuple"):
        raise TypeError(
            f"{name} must be a File, as in File(open(path, 'rb')), not {type(value).__name__}"
        )
    return cast(File, value).to_tuple()


T = TypeVar("T")


@define
class Response(Generic[T]):
    """A whole answer, whatever its status.

    ``status_code``: the number that was sent, also one that HTTP does not define (520).
    ``content``: the body, decompressed.
    ``headers``: by name, in any case.
    ``parsed``: the documented model of this status, that of an error too. None where the status is not documented
    or the body is not what was documented for it.
    """

    status_code: int
    content: bytes
    headers: Mapping[str, str]
    parsed: T | None


def path_segment(name: str, value: object) -> str:
    """``value`` quoted for a URL's path; refused if the URL would lead elsewhere.

    Raises:
        ValueError: ``value`` is no text, is blank, or is ``.`` or ``..``.
    """
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text, not {type(value).__name__}")
    if not value.strip() or value in (".", ".."):
        raise ValueError(f"{name} is {value!r}; it must be an id")
    return quote(value, safe="")


__all__ = ["UNSET", "File", "FileTypes", "RequestFiles", "Response", "Unset"]
