"""The text of a cassette: where its interactions are, and a new text in which some are replaced.

What is not replaced stays byte for byte: comments, other interactions, what follows. YAML with aliases, or with its
interactions in brackets, is written anew as a whole (its first comments stay), since an alias may refer to any other
part.

A cassette may come from anywhere, so its text is not trusted: YAML is read with a safe loader, and its depth and its
size with all aliases expanded are limited before anything is built.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from vimmerse.compat.migrate.json_spans import items, members

Json = dict[str, Any]
#: The names under which VCR.py (and pytest-recording) and Betamax keep their interactions.
VCR, BETAMAX = "interactions", "http_interactions"
_MAX_DEPTH = 50
_MAX_VALUES = 1_000_000
_MISSING = "YAML cassettes need PyYAML: pip install 'vimmerse[migrate]'"
_NOT_READ = (ValueError, RecursionError)
_SPACED = re.compile(r'\{\s*"(?:[^"\\]|\\.)*":\s')


class Unreadable(Exception):
    """The text is not a cassette that can be read; the text of the error says why."""


class Layout(NamedTuple):
    """A parsed cassette.

    Attributes:
        items: The interactions.
        is_betamax: Whether Betamax wrote it.
        spans: Where each interaction is in the text, or None if it can't be replaced alone.
        document: The whole cassette.
    """

    items: list[Any]
    is_betamax: bool
    spans: list[tuple[int, int]] | None
    document: Json


def is_json(text: str) -> bool:
    """Whether a text is JSON rather than block-style YAML."""
    return text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")


def parse(text: str) -> Layout | None:
    """Return a cassette's layout, or None if the text is no cassette. Raises :class:`Unreadable`, ``ImportError``."""
    try:
        return _parse_json(text) if is_json(text) else _parse_yaml(text)
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None


def replace(text: str, layout: Layout, new: Mapping[int, list[Json]]) -> str:
    """Return the text with some interactions, by index, replaced by any number of others."""
    render = _render_json if is_json(text) else _render_yaml
    return render(text, layout, new)


def _layout(document: Any, spans: list[tuple[int, int]] | None) -> Layout | None:
    if isinstance(document, list) and document and isinstance(document[0], dict) and "request" in document[0]:
        raise Unreadable("a release of VCR.py before 1.0 wrote it")
    if not isinstance(document, dict):
        return None
    if VCR in document and BETAMAX in document:
        raise Unreadable(f"it has both {VCR} and {BETAMAX}")
    name = VCR if VCR in document else BETAMAX
    if name not in document:
        return None
    if not isinstance(document[name], list):
        raise Unreadable(f"its {name} are not a list")
    return Layout(document[name], name == BETAMAX, spans, document)


# JSON


def _parse_json(text: str) -> Layout | None:
    body = text.lstrip("\ufeff")
    try:
        document = json.loads(body)
    except ValueError as error:
        raise Unreadable(f"it is not JSON ({error})") from None
    if not isinstance(document, dict):
        return _layout(document, None)
    return _layout(document, _json_spans(text))


def _json_spans(text: str) -> list[tuple[int, int]]:
    """Return where the interactions of a valid JSON document are."""
    spans: list[tuple[int, int]] = []
    for name, start, _ in members(text, text.index("{")):
        if name in (VCR, BETAMAX) and text[start] == "[":
            spans = list(items(text, start))  # of a repeated name, the last counts
    return spans


def _render_json(text: str, layout: Layout, new: Mapping[int, list[Json]]) -> str:
    assert layout.spans is not None
    pieces, at = [], 0
    for index, (start, end) in enumerate(layout.spans):
        if index not in new:
            continue
        old = text[start:end]
        line = text[text.rfind("\n", 0, start) + 1 : start]
        margin = line if not line.strip() else ""
        second = re.search(r"\n([ \t]*)\S", old)
        indent = second[1].removeprefix(margin) if second else None
        has_spaces = second is not None or _SPACED.match(old) is not None
        separators = ("," if second else ", ", ": ") if has_spaces else (",", ":")
        between = f",\n{margin}" if margin or second else separators[0]
        items = [json.dumps(item, indent=indent or None, separators=separators) for item in new[index]]
        pieces += [text[at:start], between.join(item.replace("\n", f"\n{margin}") for item in items)]
        at = end
    return "".join([*pieces, text[at:]])


# YAML


def _parse_yaml(text: str) -> Layout | None:
    try:
        import yaml
    except ModuleNotFoundError:
        raise ImportError(_MISSING) from None
    try:
        scan = _YamlScan(text)
        document = yaml.load(text, Loader=_loader())
    except (yaml.YAMLError, *_NOT_READ) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark is not None else ""
        problem = getattr(error, "problem", None) or str(error)
        raise Unreadable(f"it is not YAML that can be read ({problem.splitlines()[0][:200]}{line})") from None
    return _layout(document, None if scan.has_aliases else scan.spans)


def _loader() -> Any:
    """Return a safe loader that knows the tags which VCR.py writes for bodies."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # one of two classes
        pass

    def text(loader: Any, node: Any) -> Any:
        return loader.construct_scalar(node)

    def items(loader: Any, node: Any) -> Any:
        return loader.construct_sequence(node, deep=True)

    def first_of(name: str) -> Any:
        def construct(loader: Any, node: Any) -> Any:
            values = loader.construct_mapping(node, deep=True).get(name)
            return values[0] if isinstance(values, list) and values else None

        return construct

    tag = "tag:yaml.org,2002:python/"
    Loader.add_constructor(tag + "str", text)
    Loader.add_constructor(tag + "unicode", text)
    Loader.add_constructor(tag + "tuple", items)
    Loader.add_constructor(tag + "object/new:_io.BytesIO", first_of("state"))
    Loader.add_constructor(tag + "object/apply:builtins.iter", first_of("args"))
    return Loader


class _YamlScan:
    """One pass over the events of a YAML text: its limits, and where the interactions are.

    The parser of libyaml builds nested values with recursion in C, which ends the process if they are too deep, so this
    comes first. Raises ``ValueError``.
    """

    def __init__(self, text: str) -> None:
        import yaml

        self.has_aliases = False
        self.spans: list[tuple[int, int]] | None = None
        self._text = text
        self._sizes: list[int] = []  # of the open collections, with aliases expanded
        self._anchors: dict[str, int] = {}
        self._open_anchors: list[str | None] = []
        self._names: list[str] = []  # of the outermost mapping, key and value in turn
        starts: list[int] | None = None
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            depth = len(self._sizes)
            is_value = isinstance(event, yaml.NodeEvent)
            if is_value and depth == 1:
                self._names.append(event.value if isinstance(event, yaml.ScalarEvent) else "")
            if is_value and depth == 2 and starts is not None:
                starts.append(_position(event))
            if isinstance(event, yaml.AliasEvent):
                self.has_aliases = True
                if event.anchor not in self._anchors:
                    raise ValueError("an alias refers to itself, or to nothing")
                self._add(self._anchors[event.anchor])
            elif isinstance(event, yaml.ScalarEvent):
                self._add(1)
                if event.anchor:
                    self._anchors[event.anchor] = 1
            elif isinstance(event, yaml.CollectionStartEvent):
                if depth >= _MAX_DEPTH:
                    raise ValueError("it is nested too deeply")
                if depth == 1 and isinstance(event, yaml.SequenceStartEvent) and self._is_value_of_interactions():
                    self.spans = None  # of a repeated name, the last counts
                    starts = None if event.flow_style else []
                self._sizes.append(1)
                self._open_anchors.append(event.anchor)
            elif isinstance(event, yaml.CollectionEndEvent):
                size, anchor = self._sizes.pop(), self._open_anchors.pop()
                if anchor:
                    self._anchors[anchor] = size
                self._add(size)
                if depth == 2 and starts is not None:
                    self.spans = self._line_spans(starts, _position(event))
                    starts = None

    def _add(self, size: int) -> None:
        if self._sizes:
            self._sizes[-1] += size
            if self._sizes[-1] > _MAX_VALUES:
                raise ValueError(f"it has more than {_MAX_VALUES} values")

    def _is_value_of_interactions(self) -> bool:
        return len(self._names) % 2 == 0 and self._names[-2] in (VCR, BETAMAX)

    def _line_spans(self, starts: list[int], end: int) -> list[tuple[int, int]] | None:
        """Return the lines of each item, or None where an item does not begin a line."""
        begins = [self._text.rfind("\n", 0, start) + 1 for start in starts]
        if not all(re.fullmatch(" *- +", self._text[begin:start]) for begin, start in zip(begins, starts, strict=True)):
            return None
        return list(zip(begins, [*begins[1:], end], strict=True))


def _position(event: Any) -> int:
    """Return where an event is in the text. A parsed event has a mark, which the types of PyYAML leave open."""
    index: int = event.start_mark.index
    return index


def _render_yaml(text: str, layout: Layout, new: Mapping[int, list[Json]]) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    if layout.spans is None:
        comments = re.match("(?:\ufeff?[ \t]*(?:#[^\n]*|---[ \t]*)?\r?\n)*", text)
        assert comments is not None  # it matches no line too
        items = [each for index, item in enumerate(layout.items) for each in new.get(index, [item])]
        document = {**layout.document, BETAMAX if layout.is_betamax else VCR: items}
        return comments[0] + _dump(document, text).replace("\n", newline)
    pieces, at = [], 0
    for index, (start, end) in enumerate(layout.spans):
        if index not in new:
            continue
        old = text[start:end]
        margin = old[: len(old) - len(old.lstrip(" "))]
        trailing = _trailing_comments(old)
        lines = _dump(new[index], text).removesuffix("\n").split("\n")
        body = newline.join(margin + line if line else line for line in lines) + newline
        pieces += [text[at:start], body, trailing]
        at = end
    return "".join([*pieces, text[at:]])


def _trailing_comments(item: str) -> str:
    """Return the comments at the end of an item, which are about what follows it."""
    end = len(item)
    while item[begin := item.rfind("\n", 0, end - 1) + 1] == "#":  # the first line is none
        end = begin
    return item[end:]


def _dump(value: Any, text: str) -> str:
    """Return YAML in VCR.py's style, with characters beyond ASCII if the text has such."""
    import yaml

    class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # one of two classes
        def ignore_aliases(self, data: Any) -> bool:
            return True

    dumped: str = yaml.dump(value, Dumper=Dumper, sort_keys=False, allow_unicode=not text.isascii(), width=110)
    return dumped
