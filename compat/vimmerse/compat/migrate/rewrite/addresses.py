"""The addresses of a program's HTTP calls: which are v1 calls, and the change that makes each v2's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst
from vimmerse.compat.flows.routing import V1_HOST
from vimmerse.compat.migrate.check.recognition import (
    UNKNOWN_HOST,
    WILDCARD,
    has_unknown_path,
    is_base_url,
    recognise,
)
from vimmerse.compat.migrate.rewrite.values import HttpCall, Piece, Text
from vimmerse.compat.rules.engine import Operation

_ROOT = re.compile(r"(?<![\w.-])(story|media)(?![\w.-])")
_RELATIVE = re.compile(r"(story|media)(/|$)")
_V2 = re.compile(r"/v2(/|$)")


@dataclass(frozen=True)
class LiteralChange:
    """A change of a literal: ``old`` becomes ``new``, where it begins ``offset`` characters into the text."""

    node: cst.CSTNode
    offset: int
    old: str
    new: str


@dataclass(frozen=True)
class Address:
    """The address of an HTTP call.

    Attributes:
        pieces: Its parts, with the client's base address.
        pattern: The text, with ``{}`` for each expression.
        operation: The v1 operation, or None if it is none, or its path is not known.
        reason: Why it can't be told which call it is, or nothing.
        is_v1: Whether it is a v1 call, known or not.
    """

    pieces: tuple[Piece, ...]
    pattern: str
    operation: Operation | None
    is_v1: bool
    reason: str = ""
    query: str = ""


def addresses_of(call: HttpCall, *, mentions_api: bool) -> Iterator[Address]:
    """Yield the addresses that a call may have. ``mentions_api``: whether the module is about the API at all."""
    bases: list[tuple[Piece, ...]] = [base.pieces for base in call.base_url if isinstance(base, Text)] or [()]
    for url in call.url:
        if not isinstance(url, Text):
            continue
        first = url.pieces[0].text if url.pieces else ""
        is_relative = first is not None and not first.lower().startswith(("http://", "https://"))
        for base in bases if is_relative else [()]:
            yield _address(call.method or "", (*_joined(base, first), *url.pieces), mentions_api)


def _joined(base: tuple[Piece, ...], path: str | None) -> tuple[Piece, ...]:
    """Return a client's base address as it stands before a path: with one slash between them."""
    if not base or not path or base[-1].text is None:
        return base
    last = base[-1]
    end = (last.text or "").rstrip("/")
    return (*base[:-1], Piece(end if path.startswith("/") else f"{end}/", last.node))


def address_in(text: Text, method: str = "", *, mentions_api: bool = False) -> Address:
    """Return the address that a text is, whatever is done with it."""
    return _address(method, text.pieces, mentions_api)


def _address(method: str, pieces: tuple[Piece, ...], mentions_api: bool) -> Address:
    text = "".join(WILDCARD if piece.text is None else piece.text for piece in pieces)
    pattern = text.replace(WILDCARD, "{}")
    url = text
    if text.startswith("/"):
        url = f"https://{V1_HOST}{text}" if mentions_api else text
    elif _RELATIVE.match(text) and mentions_api:
        url = f"https://{V1_HOST}/{text}"
    elif (match := UNKNOWN_HOST.fullmatch(text)) is not None and mentions_api:
        url = f"https://{V1_HOST}{match[1]}"
    found = recognise(url, method)
    if _V2.search(pattern.partition(V1_HOST)[2][:4]) or _V2.match(pattern):
        return Address(pieces, pattern, None, False)
    if found is None:
        is_unknown = has_unknown_path(url) or (
            url.startswith("http") and url.endswith(WILDCARD) and is_base_url(url[:-1])
        )
        return Address(pieces, pattern, None, is_unknown, "its path is not known here")
    operations = found.operations
    if len(operations) != 1:
        named = " or ".join(operation.v1 for operation in operations)
        reason = f"it may be {named}" if operations else "v2 has no such resource"
        return Address(pieces, pattern, None, True, reason, found.query)
    return Address(pieces, pattern, operations[0], True, "", found.query)


def changes_of(address: Address) -> list[LiteralChange] | None:
    """Return the changes that make an address v2's, or None if its parts can't be changed where they are written."""
    operation = address.operation
    assert operation is not None
    changes: list[LiteralChange] = []
    root = tail = None
    end = _tail(operation)
    for piece in address.pieces:
        if piece.text is None:
            continue
        start = 0
        if piece.text.startswith("http://") and V1_HOST in piece.text:
            after = piece.text.partition(V1_HOST)[2]
            if after.startswith(":80") and not after[3:4].isdecimal():
                changes.append(LiteralChange(piece.node, 0, f"http://{V1_HOST}:80", f"https://{V1_HOST}"))
            elif not after.startswith(":"):
                changes.append(LiteralChange(piece.node, 0, "http://", "https://"))
        if V1_HOST in piece.text:
            start = piece.text.index(V1_HOST) + len(V1_HOST)
        if root is None and (match := _ROOT.search(piece.text, start)) is not None:
            root = LiteralChange(piece.node, match.start(), match[1], f"v2/{match[1]}")
            start = match.end()
        if root is not None and end and (at := piece.text.find(end[0], start)) >= 0:
            new = end[1]
            if "?" in new and "?" in piece.text[at:]:
                return None
            tail = LiteralChange(piece.node, at, end[0], new)
    if root is None or (end and tail is None):
        return None
    changes.append(root)
    if tail is not None:
        changes.append(tail)
    last = address.pieces[-1]
    if (
        last.text is not None
        and last.text.endswith("/")
        and isinstance(last.node, cst.SimpleString | cst.FormattedStringText)
    ):
        changes.append(LiteralChange(last.node, len(last.text) - 1, "/", ""))
    return changes


def _tail(operation: Operation) -> tuple[str, str] | None:
    """Return the end of the path that v1 has and v2 has not, and what v2 has instead."""
    if operation.response_kind == "status":
        return "/processing-status", "?fields=processing_status"
    if operation.v1 == "POST /media/{media_id}/process":
        return "/process", ""
    v1, v2 = operation.path.split("/"), operation.v2_path.split("/")
    extra = v1[len(v2) - 1 :]
    return ("/" + "/".join(extra), "") if extra else None


def can_change(changes: list[LiteralChange]) -> bool:
    """Return whether the sources of literals can be changed: what changes is not written with escapes."""
    nodes = {change.node for change in changes}
    return all(
        changed_literal(node, [change for change in changes if change.node is node]) is not None for node in nodes
    )


def changed_literal(node: cst.CSTNode, changes: list[LiteralChange]) -> cst.CSTNode | None:
    """Return a literal with changes, or None if its source can't be changed (escapes between the parts)."""
    assert isinstance(node, cst.SimpleString | cst.FormattedStringText)
    source = node.value
    prefix = 0
    if isinstance(node, cst.SimpleString):
        prefix = len(node.prefix) + len(node.quote)
        source = node.raw_value
    for change in sorted(changes, key=lambda change: -change.offset):
        at = change.offset
        if source[at : at + len(change.old)] != change.old:
            if source.count(change.old) != 1:
                return None
            at = source.index(change.old)
        source = source[:at] + change.new + source[at + len(change.old) :]
    if isinstance(node, cst.SimpleString):
        return node.with_changes(value=f"{node.value[:prefix]}{source}{node.quote}")
    return node.with_changes(value=source)
