"""Nodes of a syntax tree that several changes make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import libcst as cst

_Expression = TypeVar("_Expression", bound=cst.BaseExpression)


def comma() -> cst.Comma:
    """Return a comma with a space after it."""
    return cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def comma_between(elements: Sequence[Any]) -> cst.Comma:
    """Return the comma that stands between the elements of a literal or call, with its line break if it has one."""
    return next((element.comma for element in elements[:-1] if isinstance(element.comma, cst.Comma)), comma())


def keyword_argument(name: str, value: cst.BaseExpression) -> cst.Arg:
    """Return ``name=value``."""
    nothing = cst.SimpleWhitespace("")
    return cst.Arg(value, keyword=cst.Name(name), equal=cst.AssignEqual(nothing, nothing))


def parenthesized(node: _Expression) -> _Expression:
    """Return ``(node)``."""
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def quoted(text: str, quote: str) -> cst.SimpleString:
    """Return a text without special characters as a literal."""
    return cst.SimpleString(f"{quote}{text}{quote}")


def renamed(key: cst.BaseExpression, text: str, quote: str) -> cst.SimpleString:
    """Return a literal with another text, in the quotes of the one that it replaces."""
    return quoted(text, key.quote if isinstance(key, cst.SimpleString) else quote)


def subscript(value: cst.BaseExpression, key: cst.BaseExpression) -> cst.Subscript:
    """Return ``value[key]``."""
    return cst.Subscript(value=value, slice=[cst.SubscriptElement(cst.Index(key))])


def method_call(value: cst.BaseExpression, name: str, *arguments: cst.BaseExpression) -> cst.Call:
    """Return ``value.name(arguments)``."""
    return cst.Call(cst.Attribute(value, cst.Name(name)), [cst.Arg(argument) for argument in arguments])


def index_of(node: cst.Subscript) -> cst.BaseExpression | None:
    """Return the expression between the brackets if it is a plain index."""
    if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
        return node.slice[0].slice.value
    return None
