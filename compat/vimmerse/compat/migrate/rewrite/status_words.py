"""Statuses in the source of a program: lists, dicts and patterns with v2's words in place of v1's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import libcst as cst
from vimmerse.compat.migrate.rewrite.syntax import comma, comma_between, parenthesized, renamed


def space(operator: Any, side: str) -> cst.SimpleWhitespace:
    """Return the space before or after an operator, at least one."""
    found = getattr(operator, f"whitespace_{side}", None)
    return found if isinstance(found, cst.SimpleWhitespace) and found.value else cst.SimpleWhitespace(" ")


def words_tuple(words: Sequence[str], old: cst.BaseExpression, quote: str) -> cst.Tuple:
    """Return a tuple of words, in the quotes of the literal that it replaces."""
    elements = [cst.Element(renamed(old, word, quote)) for word in words]
    return parenthesized(cst.Tuple(elements))


def with_words(updated: Any, words: Sequence[tuple[str, ...]], quote: str) -> Any:
    """Return a list, tuple or set with each element replaced by v2's words."""
    elements: list[cst.BaseElement] = []
    for element, group in zip(updated.elements, words, strict=True):
        is_same = isinstance(element.value, cst.SimpleString) and group == (element.value.evaluated_value,)
        if is_same or group == ():
            elements.append(element)
            continue
        new = [element.with_changes(value=renamed(element.value, word, quote)) for word in group]
        elements.extend(each.with_changes(comma=comma()) for each in new[:-1])
        elements.append(new[-1])
    seen: set[str] = set()
    kept: list[cst.BaseElement] = []
    for each in elements:
        text = each.value.evaluated_value if isinstance(each.value, cst.SimpleString) else None
        if isinstance(text, str) and text in seen:
            continue
        seen.add(str(text))
        kept.append(each)
    if len(kept) == 1 and isinstance(updated, cst.Tuple):
        kept[0] = kept[0].with_changes(comma=cst.Comma())
    return updated.with_changes(elements=kept)


def with_keys(updated: cst.Dict, words: Mapping[str, tuple[str, ...]], quote: str) -> cst.Dict:
    """Return a dict with an entry for each of v2's words."""
    elements: list[cst.BaseDictElement] = []
    between = comma_between(updated.elements)
    for element in updated.elements:
        if not isinstance(element, cst.DictElement) or not isinstance(element.key, cst.SimpleString):
            elements.append(element)
            continue
        found = words.get(str(element.key.evaluated_value), (str(element.key.evaluated_value),))
        new = [element.with_changes(key=renamed(element.key, word, quote)) for word in found]
        elements.extend(each.with_changes(comma=between) for each in new[:-1])
        elements.append(new[-1])
    return updated.with_changes(elements=elements)


def pattern_words(pattern: cst.MatchPattern) -> list[str]:
    """Return the words in the pattern of a case."""
    match pattern:
        case cst.MatchValue(value=cst.SimpleString() as text):
            return [str(text.evaluated_value)]
        case cst.MatchOr(patterns=patterns):
            return [word for element in patterns for word in pattern_words(element.pattern)]
        case cst.MatchAs(pattern=cst.MatchPattern() as inner):
            return pattern_words(inner)
    return []


def with_pattern_words(pattern: cst.MatchPattern, words: Mapping[str, tuple[str, ...]], quote: str) -> cst.MatchPattern:
    """Return a pattern with v2's words."""
    match pattern:
        case cst.MatchValue(value=cst.SimpleString() as text):
            found = words.get(str(text.evaluated_value), ())
            new = [cst.MatchValue(renamed(text, word, quote)) for word in found]
            if len(new) == 1:
                return new[0]
            return _alternatives(new, pattern.lpar, pattern.rpar) if new else pattern
        case cst.MatchOr(patterns=patterns):
            inner = [with_pattern_words(element.pattern, words, quote) for element in patterns]
            flat: list[cst.MatchPattern] = []
            for each in inner:
                if isinstance(each, cst.MatchOr):
                    flat.extend(element.pattern for element in each.patterns)
                else:
                    flat.append(each)
            return _alternatives(flat, pattern.lpar, pattern.rpar)
        case cst.MatchAs(pattern=cst.MatchPattern() as inner_pattern):
            return pattern.with_changes(pattern=with_pattern_words(inner_pattern, words, quote))
    return pattern


def _alternatives(
    patterns: Sequence[cst.MatchPattern], lpar: Sequence[cst.LeftParen], rpar: Sequence[cst.RightParen]
) -> cst.MatchOr:
    space = cst.SimpleWhitespace(" ")
    elements = [
        cst.MatchOrElement(each, cst.BitOr(space, space) if index < len(patterns) - 1 else cst.MaybeSentinel.DEFAULT)
        for index, each in enumerate(patterns)
    ]
    return cst.MatchOr(elements, lpar=lpar, rpar=rpar)
