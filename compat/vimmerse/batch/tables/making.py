"""Make a job of the cells of a row."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vimmerse._http.models import checked_model
from vimmerse.batch.operations import OPERATIONS, RowOperation, choose_operation, find_operation, listed
from vimmerse.batch.tables.columns import (
    EXTRA,
    IMAGE,
    KEY,
    LAST_IMAGE,
    OPERATION,
    URL,
    Column,
    Columns,
    Path,
    Tree,
    merge_extra,
    put_extra,
    with_positions,
)
from vimmerse.batch.tables.fields import (
    Converter,
    Unusable,
    check_cell,
    check_text,
    check_url,
    copied,
    parsed,
    plain_text,
    request,
)
from vimmerse.batch.tables.images import Images
from vimmerse.batch.tables.keys import key_problem
from vimmerse.batch.tables.report import Report
from vimmerse.batch.tables.rows import ImageFile, Row, Translator, placeholder
from vimmerse.pricing import unpriced
from vimmerse.v2 import models

_WEB_ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_IMAGE_LISTS = ("image_urls", "image_files")
# The columns that are not fields of v2, by the operations that take them.
_OWN_FIELDS = {"url": (URL,), "images": (IMAGE,), "media": (IMAGE, LAST_IMAGE)}
Cells = Sequence[tuple[Column, Any]]


class RowMaker:
    """Makes the rows of a table, and reports what is wrong with their cells."""

    def __init__(
        self,
        columns: Columns,
        images: Images,
        report: Report,
        default: RowOperation | None,
        translator: Translator | None,
    ) -> None:
        self._columns = columns
        self._images = images
        self._report = report
        self._default = default
        self._translator = translator

    def make(self, number: int, place: str, cells: Cells) -> Row | None:
        """Return the row of these cells, or None if something is wrong with it. Its key is empty if it has none."""
        before = self._report.count
        own = {column.path[0]: (column, value) for column, value in cells if column.path in ((KEY,), (OPERATION,))}
        key = self._key(place, *own[KEY]) if KEY in own else ""
        operation = self._operation(place, own.get(OPERATION), cells)
        if operation is None:
            return None
        draft = _Draft(self._columns, self._images, self._report, self._translator, operation, place)
        body = draft.make_body([cell for cell in cells if cell[0].path not in ((KEY,), (OPERATION,))])
        if self._report.count > before:
            return None
        return Row(key, number, place, operation.name, body, tuple(draft.images_in(body, "")))

    def _key(self, place: str, column: Column, value: Any) -> str:
        try:
            check_cell(value)
            key = plain_text(value).strip()
            check_text(key)
            if problem := key_problem(key):
                raise Unusable(problem)
        except Unusable as error:
            self._report.error(place, column.name, str(error))
            return ""
        return key

    def _operation(self, place: str, own: tuple[Column, Any] | None, cells: Cells) -> RowOperation | None:
        try:
            if own is not None:
                return find_operation(str(own[1]))
            if self._default is not None:
                return self._default
            paths = [column.path for column, _ in cells if column.path not in ((KEY,), (URL,), (IMAGE,))]
            other = not all(path[0] == EXTRA or self._columns.is_v2(OPERATIONS["images"], path) for path in paths)
            names = {column.path[0] for column, _ in cells}
            return choose_operation(names, images_for_media=other and self._translator is not None)
        except ValueError as error:
            self._report.error(place, own[0].name if own is not None else "", str(error))
            return None


class _Draft:
    """The body of one row, while it is made."""

    def __init__(
        self,
        columns: Columns,
        images: Images,
        report: Report,
        translator: Translator | None,
        operation: RowOperation,
        place: str,
    ) -> None:
        self._columns = columns
        self._images = images
        self._report = report
        self._translator = translator
        self._operation = operation
        self._place = place
        self._request = request(operation.model)
        self._names: dict[str, str] = {}  # of columns, by what they give
        self._origins: dict[str, str] = {}  # what a field of the body comes from, if not from itself
        self._files: dict[str, tuple[str, str]] = {}  # path and hash by placeholder

    def make_body(self, cells: Cells) -> dict[str, Any]:
        """Return the body, which can be used if no error was reported."""
        before = self._report.count
        fields = Tree(self._request)
        own: dict[str, Any] = {}
        v1: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        paths = with_positions([column.path for column, _ in cells])
        for (column, value), path in zip(cells, paths, strict=True):
            self._names[".".join(path)] = column.name
            try:
                if path[0] == EXTRA:
                    put_extra(extra, path[1:], value)
                elif self._columns.is_v2(self._operation, path):
                    fields.put(path, value)
                elif path[0] in _OWN_FIELDS.get(self._operation.name, ()):
                    own[path[0]] = value
                elif path[0] in self._columns.of_v1[self._operation.name]:
                    v1[path[0]] = copied(parsed(value, "array") if path[0] in _IMAGE_LISTS else value)
                else:
                    raise Unusable(self._misplaced(path))
            except Unusable as error:
                self._report.error(self._place, column.name, str(error))
        given = fields.values()
        self._put_own(given, own)
        if v1 and self._translator is not None:
            given = self._translate(self._translator, given, v1)
        body = Converter(self._error, self._remark, self._image).convert_object(self._request, given, "")
        merge_extra(body, extra)
        if self._report.count == before:
            self._check(body)
        return body

    def images_in(self, value: Any, path: str = "") -> Iterator[ImageFile]:
        """Yield the local images of the body, or of a part of it."""
        if isinstance(value, str):
            if value in self._files:
                yield ImageFile(path, *self._files[value])
        elif isinstance(value, dict | list):
            for name, each in value.items() if isinstance(value, dict) else enumerate(value):
                yield from self.images_in(each, f"{path}.{name}" if path else str(name))

    def _put_own(self, given: dict[str, Any], own: Mapping[str, Any]) -> None:
        """Put the columns that stand for a part of a field into the fields."""
        if URL in own:
            idea, url = str(given.get("idea", "")).strip(), str(own[URL]).strip()
            try:
                check_url(url)
            except Unusable as error:
                self._error(URL, str(error))
            given["idea"] = idea if url in idea else f"{idea} {url}".strip()
            self._origins["idea"] = "idea" if idea else URL
        field = "media_items" if self._operation.kind == "media" else "image_urls"
        if not {IMAGE, LAST_IMAGE}.isdisjoint(own) and field in given:
            self._error(IMAGE if IMAGE in own else LAST_IMAGE, f"{field} gives images, too; use one of them")
            return
        if field == "image_urls":
            if IMAGE in own:
                given[field] = [own[IMAGE]]
                self._origins[field] = IMAGE
            return
        for name, position in ((IMAGE, "First"), (LAST_IMAGE, "Last")):
            if name in own:
                items = given.setdefault(field, [])
                self._origins[f"{field}.{len(items)}"] = name
                items.append({"type": "image", "url": own[name], "position": position})

    def _translate(self, translator: Translator, given: Mapping[str, Any], v1: dict[str, Any]) -> dict[str, Any]:
        if "image_files" in v1:  # their names say in v1 what is a file; here the cell does
            self._names["image_urls"] = self._names["image_files"]
            files = v1.pop("image_files")
            if "image_urls" in v1 or "image_urls" in given:
                self._error("image_files", "image_urls gives images, too; use one of them")
            v1["image_urls"] = files
        result = translator.translate(self._operation.name, {**given, **v1})
        self._origins.update(result.origins)
        for name, text in (*result.renames, *result.losses):
            self._report.remark(self._place, self._names.get(name, name), text)
        for name, text in result.errors:
            self._report.error(self._place, self._names.get(name, name), text)
        return dict(result.body)

    def _check(self, body: Mapping[str, Any]) -> None:
        """Report what is wrong with the body as a whole."""
        operation = self._operation
        for names in operation.required:
            if not any(body.get(name) for name in names):
                self._error(names[0], f"it is missing; {operation.name} needs {' or '.join(names)}")
                return
        if operation.name == "url" and not _WEB_ADDRESS.search(str(body["idea"])):
            self._error("idea", "it has no URL; give the website in a column url, or in the idea")
        try:
            checked_model(getattr(models, operation.model), body, "body")
            json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
        except (TypeError, ValueError) as error:
            self._error("", f"it can't be sent: {error}")
            return
        if reason := unpriced(operation.call, body):
            self._error("", f"it has no price: {reason}")

    def _misplaced(self, path: Path) -> str:
        others = [each.name for each in OPERATIONS.values() if self._columns.is_v2(each, path)]
        others += [name for name, names in _OWN_FIELDS.items() if path[0] in names]
        hint = f"; it is a field of {listed(others, 'and')}" if others else ""
        return f"{self._operation.name} ({self._operation.call}) has no such field{hint}. Leave the cell empty"

    def _image(self, text: str) -> str:
        found = self._images.find(text)
        if found is None:
            return text
        self._files[placeholder(found[1])] = found
        return placeholder(found[1])

    def _error(self, path: str, message: str) -> None:
        self._report.error(self._place, self._column(path), message)

    def _remark(self, path: str, message: str) -> None:
        self._report.remark(self._place, self._column(path), message)

    def _column(self, path: str) -> str:
        """Return the column that a field of the body comes from; what is inside a cell follows after dots."""
        parts = path.split(".")
        for end in range(len(parts), 0, -1):
            prefix = ".".join(parts[:end])
            origin = self._origins.get(prefix, prefix)
            if origin in self._names:
                inside = parts[end:] if origin == prefix else ()
                return ".".join((self._names[origin], *inside))
        return path
