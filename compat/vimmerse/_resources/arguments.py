"""Arguments of the resources' methods: what they accept, and checks before anything is sent."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO, Any, BinaryIO, cast

from vimmerse._http.types import File

#: A path, the bytes, or a file opened in binary mode.
FileInput = str | os.PathLike[str] | bytes | IO[bytes]


def id_of(name: str, value: object, model: type[Any] | None = None) -> str:
    """Return an id, which may be given as the object that has it. Raises ``TypeError`` for anything else."""
    identifier: object = getattr(value, "id", None) if model and isinstance(value, model) else value
    if not isinstance(identifier, str):
        accepted = f"a {model.__name__} or its id" if model else "an id"
        hint = "; await the call that creates it first" if hasattr(value, "__await__") else ""
        raise TypeError(f"{name} must be {accepted}, not {type(value).__name__}{hint}")
    return identifier


@contextmanager
def open_file(name: str, source: object, file_name: str | None, mime_type: str | None) -> Iterator[File]:
    """Yield ``source`` as a file to upload. A file that this opens is closed at the end; the caller's stays open.

    Raises:
        OSError: there is no such file, or it can't be read.
        TypeError: it is no path, no bytes and no file that is opened in binary mode, or its name or type is no text.
        ValueError: the type has line breaks or other characters that no header can have.
    """
    for argument, value in (("file_name", file_name), ("mime_type", mime_type)):
        if value is not None and not isinstance(value, str):
            raise TypeError(f"{argument} must be str, not {type(value).__name__}")
    if mime_type and not (mime_type.isascii() and mime_type.isprintable()):
        raise ValueError(f"mime_type is {mime_type!r}; it must be like 'image/png'")
    if isinstance(source, bytes | bytearray | memoryview):
        yield File(BytesIO(source), file_name, mime_type)
    elif isinstance(source, str | os.PathLike):
        with open(cast("str | os.PathLike[str]", source), "rb") as file:
            yield _upload(file, file_name, mime_type)
    elif hasattr(source, "read") and not hasattr(source, "encoding"):
        yield _upload(cast(Any, source), file_name, mime_type)
    else:
        given = "a file opened in text mode" if hasattr(source, "read") else type(source).__name__
        raise TypeError(f"{name} must be a path, bytes or a file opened in binary mode, not {given}")


def _upload(file: BinaryIO, file_name: str | None, mime_type: str | None) -> File:
    if hasattr(file, "seekable") and not file.seekable():  # a pipe: httpx would announce an empty file
        return File(BytesIO(file.read()), File(file, file_name).to_tuple()[0], mime_type)
    return File(file, file_name, mime_type)
