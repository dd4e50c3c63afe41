"""Signatures and docstrings as Markdown, for scripts/_reference.py: what griffe has read is written."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator

import griffe

WIDTH = 88  # of signatures
FIELD = re.compile(r"``[\w*.]+``(?:, ``[\w*.]+``)*:")  # the beginning of "``name``: meaning"
ROLE = re.compile(r":(?:attr|class|data|exc|func|meth|mod):`~?([\w.]+)`")


def final(definition: griffe.Object | griffe.Alias) -> griffe.Object:
    """Return what a name stands for in the end."""
    target = definition.final_target if isinstance(definition, griffe.Alias) else definition
    assert isinstance(target, griffe.Object)
    return target


def anchor(heading: str) -> str:
    """Return the fragment of a heading, as GitHub names it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def table(titles: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table; a cell may contain a bar."""
    lines = [titles, tuple("---" for _ in titles), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


# Signatures


def signature(function: griffe.Function, name: str, *, is_method: bool) -> str:
    """Return the head of a function or method, without ``self``."""
    parameters = list(function.parameters)
    if is_method and "staticmethod" not in function.labels:
        del parameters[0]
    start = "async def " if "async" in function.labels else "def "
    end = f" -> {function.returns}" if function.returns is not None else ""
    return head(start + name, parameters, end)


def head(start: str, parameters: list[griffe.Parameter], end: str = "") -> str:
    """Return a head on one line, or with a line for each parameter if that is too long."""
    parts = list(_parts(parameters))
    line = f"{start}({', '.join(parts)}){end}"
    if len(line) > WIDTH:
        line = "\n".join([f"{start}(", *(f"    {part}," for part in parts), f"){end}"])
    return re.sub(r"'([^'\"]*)'", r'"\1"', line)


def _parts(parameters: list[griffe.Parameter]) -> Iterator[str]:
    kinds = griffe.ParameterKind
    previous = None
    for parameter in parameters:
        if previous is kinds.positional_only and parameter.kind is not previous:
            yield "/"
        if parameter.kind is kinds.keyword_only and previous not in (kinds.keyword_only, kinds.var_positional):
            yield "*"
        previous = parameter.kind
        stars = {kinds.var_positional: "*", kinds.var_keyword: "**"}.get(parameter.kind or kinds.keyword_only, "")
        annotation = f": {parameter.annotation}" if parameter.annotation is not None else ""
        default = "" if parameter.default is None or stars else f" = {_default(parameter.default)}"
        yield f"{stars}{parameter.name}{annotation}{default}"


def _default(default: str | griffe.Expr) -> str:
    """Return a default; that of a named constant is its value."""
    if isinstance(default, griffe.ExprName) and isinstance(default.parent, griffe.Object):
        if default.name.startswith("_"):
            return "..."
        try:
            constant = final(default.parent.module[default.name])
        except (KeyError, griffe.AliasResolutionError):  # a builtin; a constant of another library
            return default.name
        if isinstance(constant, griffe.Attribute) and constant.value is not None:
            return str(constant.value)
    return str(default)


# Docstrings


#: The page and the heading of each name, by the paths that lead to it.
Places = dict[str, tuple[str, str]]


class Renderer:
    """Writes docstrings as Markdown, with links to names of this page, and of others by their whole paths."""

    def __init__(self, page: str, places: Places) -> None:
        self.page = page
        self.places = places

    def link(self, name: str) -> str:
        """Return a name as code, with a link if it has a place, or its class has one."""
        shown = name.rpartition(".")[2] if name.startswith("vimmerse.") else name
        place, (owner, _, member) = self._place(name), name.rpartition(".")
        if place is None and owner[:1].isupper() and (place := self._place(owner)) is not None:
            place = place[0], f"{place[1]}.{member}"
        if place is None:
            return f"`{shown}`"
        page, heading = place
        return f"[`{shown}`]({'' if page == self.page else f'{page}.md'}#{anchor(heading)})"

    def _place(self, name: str) -> tuple[str, str] | None:
        here = (self.page, name)
        return self.places.get(name) or (here if here in self.places.values() else None)

    def inline(self, text: str) -> str:
        """Return text with Markdown's code and links in place of reStructuredText's."""
        return ROLE.sub(lambda match: self.link(match[1]), text).replace("``", "`")

    def docstring(self, definition: griffe.Object, *, has_table: bool = False) -> Iterator[str]:
        """Yield the blocks of a docstring; without the list of attributes, if a table has them."""
        for section in sections(definition):
            match section:
                case griffe.DocstringSectionText():
                    yield from self._text(section.value)
                case griffe.DocstringSectionParameters():
                    yield self.items("Arguments", ((f"`{each.name}`", each.description) for each in section.value))
                case griffe.DocstringSectionAttributes():
                    if not has_table:
                        yield self.items("Attributes", ((f"`{each.name}`", each.description) for each in section.value))
                case griffe.DocstringSectionRaises():
                    yield self.items("Raises", ((_types(each.annotation), each.description) for each in section.value))
                case griffe.DocstringSectionReturns() | griffe.DocstringSectionYields():
                    title = section.kind.value.capitalize()
                    yield self.items(title, ((_types(each.annotation), each.description) for each in section.value))
                case griffe.DocstringSectionAdmonition():
                    yield from self._text(f"{section.title}: {section.value.contents}")
                case _:
                    raise SystemExit(
                        f"{definition.path}: a section of the kind {section.kind.value!r} can't be rendered"
                    )

    def items(self, title: str, items: Iterable[tuple[str, str]]) -> str:
        """Return a list of names and their meanings."""
        lines = [f"{title}:", ""]
        for name, text in items:
            lines.append(f"- {name}: {self.inline(' '.join(text.split()))}")
        return "\n".join(lines)

    def _text(self, text: str) -> Iterator[str]:
        """Yield paragraphs, code for what is indented, and a list for "``name``: meaning" lines."""
        for block in _blocks(re.sub(r"(``,)\n(?=``)", r"\1 ", text)):
            if block.startswith("    "):
                yield fenced(textwrap.dedent(block))
                continue
            plain: list[str] = []
            items: list[str] = []
            for line in block.split("\n"):
                if FIELD.match(line):
                    items.append(f"- {line}")
                elif items:
                    items[-1] += f" {line.strip()}"
                else:
                    plain.append(line)
            if plain:
                yield self.inline("\n".join(plain))
            if items:
                yield self.inline("\n".join(items))


def sections(definition: griffe.Object) -> list[griffe.DocstringSection]:
    """Return the sections of a docstring."""
    docstring = definition.docstring
    if docstring is None:
        return []
    return docstring.parse(
        griffe.Parser.google, warnings=False, returns_multiple_items=False, returns_named_value=False
    )


def summary(definition: griffe.Object) -> str:
    """Return the first sentence of a docstring."""
    text = definition.docstring.value if definition.docstring else ""
    paragraph = " ".join(text.partition("\n\n")[0].split())
    sentence = re.match(r".*?[.:](?= [A-Z`(]|$)", paragraph)
    return (sentence[0] if sentence else paragraph).rstrip(":.")


def _types(annotation: str | griffe.Expr | None) -> str:
    """Return the types of a result or an error as code; prose stays as it is."""
    text = str(annotation).strip("()")
    is_code = re.fullmatch(r"[\w.]+(\[.*\])?((, | \| )[\w.]+(\[.*\])?)*", text)
    return ", ".join(f"`{name}`" for name in text.split(", ")) if is_code else text


def _blocks(text: str) -> Iterator[str]:
    """Yield paragraphs. Indented neighbours are one."""
    code: list[str] = []
    for block in [*re.split(r"\n{2,}", text.strip("\n")), ""]:
        if block.startswith("    "):
            code.append(block)
            continue
        if code:
            yield "\n\n".join(code)
            code = []
        if block:
            yield block


def fenced(code: str) -> str:
    """Return a code block. Its language is not ``python``: the tests run blocks of that."""
    try:
        ast.parse(code)
    except SyntaxError:
        return f"```text\n{code}\n```"
    return f"```py\n{code}\n```"
