"""What the generated methods of CompatClient and AsyncCompatClient are built on.

A method describes its v1 operation by an :class:`Endpoint` and passes its arguments on; :func:`build_request` makes the
v1 request of them. ``None`` means "not given". The error for a value that can't be sent names its field.
"""

from __future__ import annotations

import io
import json
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Generic, Literal, Protocol, TypeAlias, TypeVar, runtime_checkable
from urllib.parse import quote

import httpx
from vimmerse.compat.core.messages import Headers


@runtime_checkable
class Model(Protocol):
    """A model of ``vimmerse.v2`` or ``vimmerse.v1``, such as ``story.storyboard``."""

    def to_dict(self) -> dict[str, Any]: ...


#: An object: a dict, a model, or its JSON text.
Object: TypeAlias = Mapping[str, Any] | Model | str
#: A list of objects, or its JSON text.
Objects: TypeAlias = Sequence[Mapping[str, Any] | Model] | str
#: One text, or several.
Texts: TypeAlias = Sequence[str] | str
#: A file: its path, its bytes, an open binary file, or ``(filename, bytes or open file[, content type])``.
File: TypeAlias = (
    str | os.PathLike[str] | bytes | BinaryIO | tuple[str, bytes | BinaryIO] | tuple[str, bytes | BinaryIO, str | None]
)
#: One file, or several.
Files: TypeAlias = File | Sequence[File]
#: The id of a story or a media.
Id: TypeAlias = str

StoryT = TypeVar("StoryT")
MediaT = TypeVar("MediaT")
FileT = TypeVar("FileT")

_A_FILE = 'a file is a path, bytes, a file opened with "rb", or a tuple (filename, bytes or open file[, content type])'
_DOCUMENTED = "vimmerse.documented"
_BODY_HEADERS = frozenset({b"content-type", b"content-length", b"transfer-encoding"})
#: The first bytes of images, and the extension by which the server recognises their type.
_MAGIC_NUMBERS = ((b"\x89PNG\r\n\x1a\n", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"GIF8", ".gif"), (b"RIFF", ".webp"))

_Part = tuple[str | None, str | bytes | BinaryIO] | tuple[str | None, str | bytes | BinaryIO, str]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How a v1 operation is called.

    ``operation``: ``METHOD /path`` as in the specification. ``body``: the encoding that v1 documents.
    ``files``, ``repeated``, ``flags``: the fields that hold files, lists of texts, and "Yes" or "No".
    """

    operation: str
    body: Literal["", "form", "multipart", "json", "query"] = ""
    files: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def id_name(self) -> str:
        """The name of the id in the path, such as ``story_id``; empty if there is none."""
        return self.operation.partition("{")[2].partition("}")[0]

    def path(self, arguments: Mapping[str, object]) -> str:
        """The path of a call.

        Raises:
            ValueError: the id is empty, or would lead to another path.
        """
        template, name = self.operation.partition(" ")[2], self.id_name
        if not name:
            return template
        id = arguments[name]
        if not isinstance(id, str) or not id or id in (".", "..") or any(c in "/\\" or ord(c) < 32 for c in id):
            raise ValueError(
                f"{name} is {id!r}; it must be the id of a {name.removesuffix('_id')}, as the API returned it"
            )
        return template.replace(f"{{{name}}}", quote(id, safe=""))


class EndpointMethods(ABC, Generic[StoryT, MediaT, FileT]):
    """Base of the generated methods, which pass on their ``locals()``: the id and the fields by name, and ``self``.

    One set of methods serves both clients: the type parameters are what a method returns, an object or a coroutine.
    """

    @abstractmethod
    def _story(self, endpoint: Endpoint, arguments: Mapping[str, object]) -> StoryT: ...

    @abstractmethod
    def _media(self, endpoint: Endpoint, arguments: Mapping[str, object]) -> MediaT: ...

    @abstractmethod
    def _file(self, endpoint: Endpoint, arguments: Mapping[str, object]) -> FileT: ...


@contextmanager
def build_request(
    http: httpx.Client | httpx.AsyncClient,
    base_url: str,
    headers: Headers,
    endpoint: Endpoint,
    arguments: Mapping[str, object],
) -> Iterator[httpx.Request]:
    """The v1 request of a call. Files that are given by path are open until the block ends.

    Fields without files are sent as JSON, with the caller's own types, so that warnings quote what the caller wrote.

    Raises:
        TypeError, ValueError: a field or the id can't be sent; the message names it.
        OSError: a file can't be opened.
    """
    method, url = endpoint.operation.partition(" ")[0], base_url + endpoint.path(arguments)
    values: dict[str, Any] = {}
    files: dict[str, object] = {}
    for name, value in arguments.items():
        if name in ("self", endpoint.id_name) or value is None:
            continue
        if name in endpoint.files:
            files[name] = value
        else:
            values[name] = _texts(name, value) if name in endpoint.repeated else _plain(name, value)
    body: dict[str, Any] = {}
    with ExitStack() as opened:
        if files:
            body["files"] = [(name, (None, text)) for name, text in _text_fields(endpoint, values)]
            body["files"] += [part for name, value in files.items() for part in _parts(name, value, opened)]
        elif values and endpoint.body == "query":
            body["params"] = tuple(_text_fields(endpoint, values))
        elif values:
            body["content"] = json.dumps(values)
            headers = headers.adding(("Content-Type", "application/json"))
        request = http.build_request(method, url, headers=list(headers), **body)
        if "content" in body and endpoint.body != "json":
            request.extensions = {**request.extensions, _DOCUMENTED: (str(request.url), endpoint, values)}
        yield request


def as_documented(request: httpx.Request) -> httpx.Request:
    """Return the request to send. One that goes to v1 after all gets the encoding that v1 documents."""
    url, endpoint, values = request.extensions.get(_DOCUMENTED, ("", None, None))
    if str(request.url) != url:
        return request
    body: dict[str, Any] = {"data": {}, "files": []}
    for name, text in _text_fields(endpoint, values):
        if endpoint.body == "multipart":
            body["files"].append((name, (None, text)))
        else:
            body["data"].setdefault(name, []).append(text)
    headers = [(name, value) for name, value in request.headers.raw if name.lower() not in _BODY_HEADERS]
    return httpx.Request(request.method, request.url, headers=headers, extensions=request.extensions, **body)


def _texts(name: str, value: object) -> list[str]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, Sequence) or not all(isinstance(text, str) for text in texts):
        raise TypeError(f"{name} is {_type_of(value)}; it must be a list of strings")
    return [str(text) for text in texts]


def _plain(name: str, value: object) -> Any:
    """A field as JSON values."""

    def convert(item: object) -> object:
        if isinstance(item, Mapping):
            return dict(item)
        if isinstance(item, Model) and not isinstance(item, type):
            return item.to_dict()
        if isinstance(item, Sequence) and not isinstance(item, bytes | bytearray | memoryview):
            return list(item)
        raise TypeError(f"{name} is or contains a value {_type_of(item)}, which JSON does not support")

    try:
        return json.loads(json.dumps(value, default=convert, allow_nan=False))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{name} can't be written as JSON: {error}") from None


def _text_fields(endpoint: Endpoint, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The fields of a form or a query, in which objects and lists are JSON text."""
    for name, value in values.items():
        for item in value if name in endpoint.repeated else [value]:
            if isinstance(item, bool) and name in endpoint.flags:
                yield name, "Yes" if item else "No"
            else:
                yield name, item if isinstance(item, str) else json.dumps(item)


def _parts(name: str, value: Any, opened: ExitStack) -> Iterator[tuple[str, _Part]]:
    """The files of a field."""
    is_list = isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray | memoryview)
    if not is_list or _is_named_file(value):
        yield name, _part(name, value, opened)
        return
    for index, file in enumerate(value):
        yield name, _part(f"{name}[{index}]", file, opened)


def _part(where: str, file: Any, opened: ExitStack) -> _Part:
    """One file. ``where``: its field, with an index if there are several."""
    if _is_named_file(file):
        name, content, *content_type = file
        named = name, _content(where, content)
        return (*named, str(content_type[0])) if content_type and content_type[0] else named
    if isinstance(file, tuple):
        raise TypeError(f"{where} is a tuple that is not a file; {_A_FILE}")
    if isinstance(file, str | os.PathLike):
        path = os.fspath(file)
        if not isinstance(path, str):
            raise TypeError(f"{where} is a bytes path; {_A_FILE}")
        return os.path.basename(path), opened.enter_context(open(path, "rb"))
    content = _content(where, file)
    if isinstance(content, bytes):
        return "upload" + next((suffix for magic, suffix in _MAGIC_NUMBERS if content.startswith(magic)), ""), content
    path = getattr(content, "name", None)
    return (os.path.basename(path) if isinstance(path, str) else "") or "upload", content


def _is_named_file(value: Any) -> bool:
    """Whether this is a tuple of a name and a content, rather than a sequence of files."""
    if not isinstance(value, tuple) or len(value) not in (2, 3) or not isinstance(value[0], str):
        return False
    return isinstance(value[1], bytes) or (hasattr(value[1], "read") and not isinstance(value[1], os.PathLike))


def _content(where: str, value: Any) -> Any:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    if isinstance(value, io.TextIOBase):
        raise TypeError(f'{where} is a file opened as text; open it with "rb"')
    if not hasattr(value, "read"):
        raise TypeError(f"{where} is {_type_of(value)}; {_A_FILE}")
    return value


def _type_of(value: object) -> str:
    return f"of type {type(value).__name__}"
