"""A v1 call's fields as an HTTP request: what the methods are typed with, and how it is sent.

Laws:

* ``None`` and ``UNSET`` mean "not given". Everything else is sent as it was given, or refused by name.
* The core gets the fields as JSON, with the types that the caller wrote, so that its warnings quote the caller. Where
  the call goes to v1 after all, it goes in the form that v1 documents for it (:func:`as_documented`).
* Files are streamed; one that is opened here is closed when the call is over.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal, Protocol, TypeAlias, runtime_checkable
from urllib.parse import quote, urlencode

import httpx
from vimmerse.compat.core.messages import Headers
from vimmerse.v2.types import Unset


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

_FILE = 'a path, bytes, a file opened with "rb", or a tuple (filename, bytes or open file[, content type])'
_JSON = "application/json"
_DOCUMENTED = "vimmerse.documented"
#: How the content of bytes without a name begins, and the extension that tells the server what they are.
_BEGINNINGS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"), (b"RIFF", "webp"))


@dataclass(frozen=True, slots=True)
class Route:
    """A v1 operation, as far as sending it goes.

    ``operation`` is ``METHOD /path`` with the template of the specification. ``body``: the way that v1 documents.
    ``files``, ``repeated``, ``flags``: the fields that hold files, lists of texts, and "Yes" or "No".
    """

    operation: str
    body: Literal["", "form", "multipart", "json", "query"] = ""
    files: frozenset[str] = frozenset()
    repeated: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()

    def path(self, id: object) -> str:
        """The path with an id in it.

        Raises:
            ValueError: the id is no text, empty, or would make another path of it.
        """
        before, brace, after = self.operation.partition(" ")[2].partition("{")
        if not brace:
            return before
        name, _, rest = after.partition("}")
        if not isinstance(id, str) or not id or id in (".", "..") or any(c in "/\\" or ord(c) < 32 for c in id):
            raise ValueError(f"{name} is {id!r}; it must be the id of a {name.partition('_')[0]}, as the API gave it")
        return before + quote(id, safe="") + rest


@contextmanager
def prepared(
    http: httpx.Client | httpx.AsyncClient,
    base_url: str,
    headers: Headers,
    route: Route,
    id: object,
    fields: Mapping[str, object],
) -> Iterator[httpx.Request]:
    """The v1 request of a call. The files that it reads are open as long as the block runs.

    Raises:
        TypeError, ValueError: a field or the id can't be sent; the text names it.
        OSError: a file can't be opened.
    """
    given = {name: value for name, value in fields.items() if value is not None and not isinstance(value, Unset)}
    method, url = route.operation.partition(" ")[0], base_url + route.path(id)
    with ExitStack() as opened:
        if not given:
            yield http.build_request(method, url, headers=list(headers))
        elif route.body == "query":
            yield http.build_request(method, url, headers=list(headers), params=tuple(_pairs(route, given)))
        elif any(name in route.files for name in given):
            yield http.build_request(method, url, headers=list(headers), files=_parts(route, given, opened))
        else:
            headers = headers.adding(("Content-Type", _JSON))
            values = {name: _value(route, name, value) for name, value in given.items()}
            request = http.build_request(method, url, headers=list(headers), content=_json(values))
            if route.body != "json":
                request.extensions = {**request.extensions, _DOCUMENTED: (str(request.url), route, values)}
            yield request


def as_documented(request: httpx.Request) -> httpx.Request:
    """The request to send: for a call that goes to v1 as it is, its fields in the form that v1 documents."""
    kept = request.extensions.get(_DOCUMENTED)
    if kept is None or str(request.url) != kept[0]:
        return request
    _, route, values = kept
    pairs = _pairs(route, values)
    content = b"" if route.body == "multipart" else urlencode(pairs).encode()
    headers = [(name, value) for name, value in request.headers.raw if name.lower() not in _FRAMING]
    if route.body == "multipart":
        files = [(name, (None, text.encode())) for name, text in pairs]
        return httpx.Request(request.method, request.url, headers=headers, files=files, extensions=request.extensions)
    headers.append((b"Content-Type", b"application/x-www-form-urlencoded"))
    return httpx.Request(request.method, request.url, headers=headers, content=content, extensions=request.extensions)


_FRAMING = frozenset({b"content-type", b"content-length", b"transfer-encoding"})


# Values


def _value(route: Route, name: str, value: object) -> object:
    """A field's value as JSON has it."""
    if name in route.repeated:
        return _texts(name, value)
    return json.loads(_dump(name, value))


def _texts(name: str, value: object) -> list[str]:
    found = [value] if isinstance(value, str) else list(value) if isinstance(value, Sequence) else None
    if found is None or not all(isinstance(item, str) for item in found):
        raise TypeError(f"{name} is {_kind(value)}; it must be a list of texts")
    return [str(item) for item in found]


def _pairs(route: Route, values: Mapping[str, object]) -> list[tuple[str, str]]:
    """The fields of a form or a query."""
    return [
        (name, _text(route, name, item))
        for name, value in values.items()
        for item in (_texts(name, value) if name in route.repeated else [value])
    ]


def _text(route: Route, name: str, value: object) -> str:
    """A field's value as text: the objects and lists of a form are JSON text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) and name in route.flags:
        return "Yes" if value else "No"
    return _dump(name, value)


def _dump(name: str, value: object) -> str:
    def plain(item: object) -> object:
        if isinstance(item, Mapping):
            return dict(item)
        if isinstance(item, Model) and not isinstance(item, type):
            return item.to_dict()
        if isinstance(item, Sequence) and not isinstance(item, bytes | bytearray | memoryview):
            return list(item)
        raise TypeError(f"{name} is or holds something {_kind(item)}, which JSON has no form for")

    try:
        return json.dumps(value, default=plain, allow_nan=False)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{name} can't be written as JSON: {error}") from None


def _json(values: Mapping[str, object]) -> bytes:
    return json.dumps(values).encode()


def _kind(value: object) -> str:
    return f"of type {type(value).__name__}"


# Files

_Part = tuple[str | None, bytes | BinaryIO] | tuple[str | None, bytes | BinaryIO, str]


def _parts(route: Route, given: Mapping[str, object], opened: ExitStack) -> list[tuple[str, _Part]]:
    texts = {name: value for name, value in given.items() if name not in route.files}
    parts: list[tuple[str, _Part]] = [(name, (None, text.encode())) for name, text in _pairs(route, texts)]
    for name, value in given.items():
        if name not in route.files:
            continue
        if _is_several(value):
            assert isinstance(value, Sequence)
            parts += [(name, _part(f"{name}[{index}]", item, opened)) for index, item in enumerate(value)]
        else:
            parts.append((name, _part(name, value, opened)))
    return parts


def _is_several(value: object) -> bool:
    if not isinstance(value, Sequence) or isinstance(value, str | bytes | bytearray | memoryview):
        return False
    # A tuple is one file where it begins with a name and goes on with content; else it is a sequence like any.
    return not (isinstance(value, tuple) and _named(value))


def _named(value: Sequence[object]) -> bool:
    return len(value) in (2, 3) and isinstance(value[0], str) and (isinstance(value[1], bytes) or _is_file(value[1]))


def _is_file(value: object) -> bool:
    return hasattr(value, "read") and not isinstance(value, str | os.PathLike)


def _part(where: str, value: object, opened: ExitStack) -> _Part:
    """One file of a form; ``where`` is the field, with an index where there are several."""
    if isinstance(value, tuple):
        if not _named(value):
            raise TypeError(f"{where} is a tuple that is no file; a file is {_FILE}")
        name, content, *kind = value
        checked = _content(where, content)
        return (name, checked, str(kind[0])) if kind and kind[0] else (name, checked)
    if isinstance(value, str | os.PathLike):
        path = os.fspath(value)
        if not isinstance(path, str):
            raise TypeError(f"{where} is a path of bytes; a file is {_FILE}")
        return os.path.basename(path), opened.enter_context(open(path, "rb"))
    content = _content(where, value)
    if isinstance(content, bytes):
        end = next((end for start, end in _BEGINNINGS if content.startswith(start)), "")
        return (f"upload.{end}" if end else "upload"), content
    path = getattr(content, "name", None)
    return (os.path.basename(path) if isinstance(path, str) else "") or "upload", content


def _content(where: str, value: Any) -> bytes | BinaryIO:  # whatever the caller gave
    if isinstance(value, bytes):
        return value
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    if isinstance(value, io.TextIOBase):
        raise TypeError(f'{where} is a file opened as text; open it with "rb"')
    if not _is_file(value):
        raise TypeError(f"{where} is {_kind(value)}; a file is {_FILE}")
    file: BinaryIO = value
    return file
