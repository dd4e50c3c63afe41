"""What a part of a v1 response is, by the tables of response fields, and what reads the same in v2's."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from vimmerse.compat.migrate.check.findings import words
from vimmerse.compat.migrate.rewrite.values import ELEMENT
from vimmerse.compat.rules.engine import Operation
from vimmerse.compat.rules.response_fields import OBJECTS, ResponseField

_LISTS = words("all_medias characters environments media_items medias objects result scenes")
_DOUBLE = "GET /media/{media_id}"
_WRAPPER = "data"

Change = Literal["same", "unwrap", "rename", "entry", "progress", "sound", "scenes", "optional", "missing", "params",
                 "unknown"]  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """A part of a v1 response.

    Attributes:
        table: Which of :data:`OBJECTS` it is, or whose entries it holds; empty for a value.
        row: The field that it is, if it is one.
        is_response: Whether it is the whole response.
        is_list: Whether it is a list.
        in_story: Whether it is in a story.
        is_known: Whether the tables know what it is.
    """

    table: str = ""
    row: ResponseField | None = None
    is_response: bool = False
    is_list: bool = False
    in_story: bool = False
    is_known: bool = True

    @property
    def differs(self) -> bool:
        """Whether v2 has it in another shape: other keys or other words."""
        if self.row is not None and self.row.words:
            return True
        return self.is_response or (bool(self.table) and _differs(self.table, self.in_story))


@dataclass(frozen=True)
class Read:
    """What a read of a key becomes.

    Attributes:
        change: How it changes.
        v2: The new name, where it has one.
        default: The value that v1's programs see where v2 has none.
        note: Why it can't be had, or what is to be looked at.
    """

    change: Change
    v2: str = ""
    default: Any = field(default=None, compare=False)
    note: str = ""


def _differs(table: str, in_story: bool) -> bool:
    if table == "result":
        return not in_story
    return any(
        (row.kind not in ("same", "request-only") and row.v1 != row.v2)
        or bool(row.words)
        or (row.table not in ("", table) and _differs(row.table, in_story or table == "story"))
        for row in OBJECTS[table].fields
    )


def different_names(shape: Shape) -> list[str]:
    """Return the v1 names that v2 has not, in the order of the tables."""
    if shape.table == "result":
        return ["url"] if not shape.in_story else []
    table = shape.table
    if not table:
        return []
    return list(
        dict.fromkeys(
            row.v1.partition(".")[0]
            for row in OBJECTS[table].fields
            if row.v1.partition(".")[0] != row.v2 and row.kind != "request-only"
        )
    )


def shape_of(operation: Operation, path: tuple[str, ...]) -> Shape:
    """Return what is at a path of the JSON of a v1 response."""
    kind = operation.response_kind
    table = "media_detail" if operation.v1 == _DOUBLE else kind
    shape = Shape(table, is_response=True, in_story=kind == "story")
    for step in path:
        shape = _inside(shape, step)
    return shape


def _inside(shape: Shape, step: str) -> Shape:
    if shape.is_response:
        if step == _WRAPPER:
            return replace(shape, is_response=False)
        row = OBJECTS["error"].of_v1(step)
        return Shape("", row, is_known=row is not None)
    if step == ELEMENT:
        # pose_preset is a list where several were sent.
        return replace(shape, is_list=False, row=None, is_known=shape.is_list)
    if not shape.table or shape.is_list:
        return Shape("", None, is_known=False)
    if shape.table == "media_detail" and step == _WRAPPER:
        return shape
    row = OBJECTS[shape.table].of_v1(step)
    if row is None:
        return Shape("", None, is_known=False)
    return Shape(row.table, row, is_list=step in _LISTS and bool(row.table), in_story=shape.in_story)


def read_of(shape: Shape, key: str) -> Read:
    """Return what becomes of ``part[key]`` for a part of a response."""
    if shape.is_response:
        if key == _WRAPPER:
            return Read("unwrap")
        row = OBJECTS["error"].of_v1(key)
        # v1's programs know `detail` from validation errors, which are the same in v2.
        return Read("rename", row.v2) if row is not None and key == "message" else Read("same")
    if key == ELEMENT:
        return Read("same") if shape.is_list or not shape.table else Read("unknown")
    if not shape.table or shape.is_list:
        return Read("same")
    if shape.table == "media_detail" and key == _WRAPPER:
        return Read("unwrap")
    if shape.table == "result" and shape.in_story:
        return Read("same")
    if shape.table == "pose_preset" and key == "Params":
        return Read("params", note="v2 has no `Params` text: its parts are keys of their own, such as `prompt`.")
    row = OBJECTS[shape.table].of_v1(key)
    return _read_of_row(shape, row) if row is not None else Read("same")


def _read_of_row(shape: Shape, row: ResponseField) -> Read:
    if row.v2 == ".":
        return Read("entry")
    if row.kind == "renamed":
        return Read("rename", row.v2)
    if row.kind == "computed":
        if row.v1 == "progress_percentage":
            return Read("progress", row.v2)
        if row.v1 == "sound_effects":
            return Read("sound", row.v2)
        if row.v1 == "scenes":
            return Read("scenes", row.v2)
        if row.v1 == "media_id":
            return Read("rename", row.v2)
        return Read("same") if row.v1 == row.v2 or row.v1 == "all_medias" else Read("missing", note=row.note)
    if row.kind == "v1-only":
        return Read(
            "missing", default=row.default[0] if row.default else None, note=row.note or "v2 has no such field."
        )
    # v1 has an empty text where v2 may leave the field out.
    if row.default and (shape.table == "story_scene" or row.v1 == "video_url"):
        return Read("optional", default=row.default[0])
    return Read("same")
