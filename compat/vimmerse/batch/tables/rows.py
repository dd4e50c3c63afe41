"""What a table consists of: the cells that are read, and the rows that become jobs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from vimmerse.batch.operations import OPERATIONS
from vimmerse.batch.records import PlannedJob
from vimmerse.pricing import estimate_call


class Header(NamedTuple):
    """The names of the columns, where a file has them in its first row."""

    place: str
    names: tuple[str, ...]


class Record(NamedTuple):
    """The cells of one row, by the name of the column. Empty ones are left out."""

    place: str
    cells: Mapping[str, Any]


class Fault(NamedTuple):
    """What a reader finds wrong with a row. ``is_remark``: the row can be used."""

    place: str
    column: str
    message: str
    is_remark: bool = False


class ImageFile(NamedTuple):
    """A local image of a row, which has to be uploaded.

    Attributes:
        field: Where its URL belongs in the body: ``image_urls.0``, ``media_items.1.url``.
        path: The file, absolute.
        sha256: The hash of its content, in hexadecimal digits. Equal files need one upload.
    """

    field: str
    path: str
    sha256: str


def placeholder(sha256: str) -> str:
    """Return what a body has in place of the URL of a local image."""
    return f"sha256:{sha256}"


def insert_urls(
    body: Mapping[str, Any], images: Iterable[tuple[str, str, str]], urls: Mapping[str, str]
) -> dict[str, Any]:
    """Return a body with URLs in place of its local images.

    Args:
        body: Of a row, or of a job in the ledger.
        images: Its images.
        urls: The URL of each uploaded image, by its SHA-256.

    Raises:
        KeyError: an image has no URL.
    """
    result: dict[str, Any] = deepcopy(dict(body))
    for field, _, sha256 in images:
        *outer, last = field.split(".")
        target: Any = result
        for name in outer:
            target = target[int(name) if isinstance(target, list) else name]
        target[int(last) if isinstance(target, list) else last] = urls[sha256]
    return result


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: one job.

    Attributes:
        key: The row's own key, or one that follows from its content. No two rows have the same one.
        number: The number of the row, from 1, without the header and empty rows.
        place: Where it is: ``clips.csv:17``.
        operation: What it creates: a name of :data:`vimmerse.batch.operations.OPERATIONS`.
        body: The body of the v2 call. A local image is a placeholder there, which has the hash of its content.
        images: The local images; :func:`insert_urls` puts their URLs into the body.
    """

    key: str
    number: int
    place: str
    operation: str
    body: dict[str, Any]
    images: tuple[ImageFile, ...] = ()

    def planned(self) -> PlannedJob:
        """Return the job to put into the ledger, with its estimated price."""
        call = OPERATIONS[self.operation].call
        return PlannedJob(
            key=self.key,
            body=self.body,
            operation=call,
            estimate=estimate_call(call, self.body).credits,
            number=self.number,
            place=self.place,
            images=self.images,
        )


class Translated(NamedTuple):
    """What a translator makes of a row.

    Attributes:
        body: The v2 body.
        origins: The column by the field of the body, where they differ.
        renames: A column, and what it is called in v2: one remark for a whole table.
        losses: A column, and what of its value is lost: a remark on the row.
        errors: A column, and why v2 can't do this.
    """

    body: dict[str, Any]
    origins: Mapping[str, str]
    renames: tuple[tuple[str, str], ...] = ()
    losses: tuple[tuple[str, str], ...] = ()
    errors: tuple[tuple[str, str], ...] = ()


class Translator(Protocol):
    """Translates rows whose columns have other names than v2's fields."""

    def columns(self, operation: str) -> Collection[str]:
        """Return the names that it knows for an operation."""
        ...

    def translate(self, operation: str, fields: Mapping[str, Any]) -> Translated:
        """Return the v2 body of the fields of a row."""
        ...
