"""The pages of docs/reference/: every public name, with its signature and docstring.

    python -m scripts._reference            write what has changed
    python -m scripts._reference --check    write nothing; name every page that is not up to date, and exit 1

A page begins with text of its own. Everything below the line that says so is written here, from the sources alone:
griffe reads them, and nothing is imported. griffe2md, which renders for griffe, leaves out types and overloads, and
gives each attribute of a class a section, which makes a page of the models as long as their code.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import griffe

from scripts._rendering import Places, Renderer, anchor, final, head, sections, signature, summary, table

HOME = Path(__file__).resolve().parent.parent
FOLDER = Path("docs", "reference")
MARK = "<!-- Below this line: written by scripts/_reference.py from the docstrings. Do not edit. -->"

#: The package of each page, and what users get from it but don't import, by its path below ``vimmerse``.
PAGES: dict[str, tuple[str, ...]] = {
    "v2": ("pricing.Estimate",),
    "jobs": (),
    "batch": (),
    "compat": (
        "compat.client.CompatMedia",
        "compat.client.CompatStory",
        "compat.client.Download",
        "compat.core.messages.V1Response",
        "compat.core.messages.V2Request",
        "compat.process.patching.Installation",
        "compat.reporting.report.CallReport",
        "compat.reporting.report.FieldCalls",
        "compat.reporting.report.OperationCalls",
        "compat.reporting.report.PlaceCalls",
        "compat.requests.Session",
        "compat.runtime.driver.CallRecord",
    ),
    "emulator": (),
}

#: The modules whose names are in a table: the operations by resource, and dicts in place of the models.
LISTED = {"api": "Module", "params": "Dict"}
#: The methods that scripts/derive writes; docs/migration.md describes each.
V1_METHODS = "vimmerse._compat_methods."


class Page(Renderer):
    """The names of one package: those that it exports, of the modules that it exports, and of results."""

    def __init__(self, page: str, namespace: griffe.Object, places: Places) -> None:
        super().__init__(page, places)
        package = final(namespace[page])
        exported = {name: final(package[name]) for name in exports(package)}
        self.path = package.path
        self.modules = {name: each for name, each in exported.items() if exports(each)}
        self.names = {name: exported[name] for name in sorted(exported.keys() - self.modules.keys())}
        self.results = {name.rpartition(".")[2]: final(namespace[name]) for name in PAGES[page]}
        self.all = {
            **self.names,
            **{f"{module}.{name}": final(self.modules[module][name]) for module, name in self._of_modules()},
            **self.results,
        }
        for heading, each in self.all.items():
            for path in (each.path, f"{self.path}.{heading}", f"{self.path}.{heading.rpartition('.')[2]}"):
                places.setdefault(path, (page, heading))

    def _of_modules(self) -> Iterator[tuple[str, str]]:
        """Yield each module and name that only the module exports."""
        for module, each in self.modules.items():
            for name in exports(each):
                if name not in self.names and module not in LISTED:
                    yield module, name

    def text(self) -> str:
        """Return what is written below the mark."""
        rows = [(f"[`{name}`](#{anchor(name)})", self._about(each)) for name, each in self.names.items()]
        rows += [
            (f"[`{name}`](#{anchor(f'{self.path}.{name}')})", self._about(each)) for name, each in self.modules.items()
        ]
        blocks = ["## Names", table(("Name", ""), rows)]
        for name, definition in self.names.items():
            blocks += self._definition(name, definition, "##")
        for name, module in sorted(self.modules.items(), key=_rank):
            blocks += self._module(name, module)
        if self.results:
            blocks.append("## Types of results")
            for name, definition in self.results.items():
                blocks += self._definition(name, definition, "###")
        return "\n\n".join(blocks) + "\n"

    def _about(self, definition: griffe.Object) -> str:
        return self.inline(summary(documented(definition)))

    def _module(self, name: str, module: griffe.Object) -> Iterator[str]:
        yield f"## `{self.path}.{name}`"
        yield from self.docstring(module)
        if name in LISTED:
            yield table((LISTED[name], ""), self._rows(name, module))
            return
        above = [each for each in exports(module) if each in self.names]
        if above:
            yield f"Described above: {', '.join(self.link(each) for each in above)}."
        for each in sorted(set(exports(module)).difference(above)):
            yield from self._definition(f"{name}.{each}", final(module[each]), "###")

    def _rows(self, name: str, module: griffe.Object) -> Iterator[tuple[str, str]]:
        """Yield what a module contains; of its packages, each module of an operation."""
        for exported in exports(module):
            definition = final(module[exported])
            if not definition.is_module:
                yield f"`{exported}`", self._about(definition)
            for operation in exports(definition):
                yield f"`{name}.{exported}.{operation}`", self._about(final(definition[operation]["sync"]))

    def _definition(self, name: str, definition: griffe.Object, level: str) -> Iterator[str]:
        yield f"{level} `{name}`"
        if isinstance(definition, griffe.Class):
            yield from self._class(name, definition, level)
        elif isinstance(definition, griffe.Function):
            yield from self._function(name, definition, is_method=False)
        else:
            if isinstance(definition, griffe.Attribute):
                short = name.rpartition(".")[2]
                yield f"```py\n{short} = {definition.value}\n```".replace("'", '"')
            yield from self.docstring(definition)

    def _function(self, name: str, function: griffe.Function, *, is_method: bool) -> Iterator[str]:
        forms = [signature(each, name, is_method=is_method) for each in function.overloads or [function]]
        yield "\n".join(["```py", *forms, "```"])
        yield from self.docstring(function)

    def _class(self, name: str, cls: griffe.Class, level: str) -> Iterator[str]:
        if has_fields(cls):
            yield from self.docstring(cls, has_table=True)
            if rows := list(self._fields(cls)):
                yield table(("Field", "Type", ""), rows)
            return
        members = self.members(cls)
        accessor = self.accessor(name)
        parameters = constructor(cls, members)
        if parameters and not accessor and (name not in self.results or name == "Session"):
            short = name.rpartition(".")[2]
            yield f"```py\n{head(f'class {short}', parameters)}\n```"
        if bases := [self.link(path) for path in self._bases(cls)]:
            yield f"A subclass of {', '.join(bases)}."
        text = documented(cls)
        yield from self.docstring(text)
        described = set(re.findall(r"``(\w+)``", text.docstring.value)) if text.docstring else set()
        described |= {parameter.name for parameter in parameters}
        attributes = [
            (f"`{key}: {each.annotation}`", each.docstring.value)
            for key, each in members.items()
            if isinstance(each, griffe.Attribute) and each.docstring
            if key not in described or "property" in each.labels
        ]
        if attributes:
            yield self.items("Attributes", attributes)
        yield from self._methods(name, accessor or name, members, level)

    def accessor(self, name: str) -> str:
        """Return how users get at a resource: ``client.stories``; empty text for any other class."""
        for client in filter(None, map(self.names.get, ("Vimmerse", "AsyncVimmerse"))):
            for key, each in self.members(client).items() if isinstance(client, griffe.Class) else ():
                if isinstance(each, griffe.Attribute) and f"resources.{each.annotation}" == name:
                    return f"client.{key}"
        return ""

    def _methods(self, name: str, prefix: str, members: dict[str, griffe.Object], level: str) -> Iterator[str]:
        """Yield the methods. Those of v1's calls, and those that an asynchronous class shares, only by name."""
        twin = self.all.get(name.replace("Async", "")) if "Async" in name else None
        known = self.members(twin) if isinstance(twin, griffe.Class) else {}
        calls, same = [], []
        for key, each in members.items():
            if not isinstance(each, griffe.Function) or each.docstring is None:
                continue
            other = known.get(key)
            if other is not None and other.docstring is not None and other.docstring.value == each.docstring.value:
                same.append(f"`{key}`")
            elif each.path.startswith(V1_METHODS):
                calls.append((f"[`{key}`](../migration.md#{key})", self._about(each)))
            else:
                yield f"{level}# `{prefix}.{key}`"
                yield from self._function(key, each, is_method=True)
        if calls:
            yield "The calls of v1. Their fields are keyword arguments; each link leads to them."
            yield table(("Method", ""), calls)
        if same and twin is not None:
            yield f"As in {self.link(twin.path)}: {', '.join(same)}."

    def members(self, cls: griffe.Class) -> dict[str, griffe.Object]:
        """Return the public members of a class, and those of its bases that have no place of their own."""
        bases = mro(cls)
        elsewhere = [base for base in bases if base.path in self.places]
        skipped = {known.path for base in elsewhere for known in (base, *mro(base))}
        found: dict[str, griffe.Object] = {}
        for base in reversed([cls, *(base for base in bases if base.path not in skipped)]):
            for key, each in base.members.items():
                if (not key.startswith("_") or key == "__init__") and not each.is_alias:
                    found[key] = final(each)
        return found

    def _bases(self, cls: griffe.Class) -> Iterator[str]:
        """Yield the bases that users can name."""
        for base in cls.bases:
            path = base if isinstance(base, str) else base.canonical_path
            is_ours = path.partition(".")[0] == "vimmerse"
            if path in self.places or not (is_ours or path.startswith("typing.")):
                yield path

    def _fields(self, cls: griffe.Class) -> Iterator[tuple[str, str, str]]:
        """Yield name, type and meaning of each field."""
        listed = [part.value for part in sections(cls) if isinstance(part, griffe.DocstringSectionAttributes)]
        meanings = {each.name: each.description for part in listed for each in part}
        for name, each in cls.members.items():
            if (
                not isinstance(each, griffe.Attribute)
                or each.annotation is None
                or name.startswith(("_", "additional_"))
            ):
                continue
            meaning = meanings.get(name) or (each.docstring.value if each.docstring else "")
            is_optional = each.value is not None or "property" in each.labels or has_base(cls, "TypedDict")
            required = "" if is_optional else ", required"
            yield f"`{name}`", f"`{each.annotation}`{required}", self.inline(" ".join(meaning.split()))


def _rank(item: tuple[str, object]) -> tuple[bool, bool, str]:
    return item[0] in LISTED, item[0] != "resources", item[0]


def documented(definition: griffe.Object) -> griffe.Object:
    """Return the class whose docstring describes ``definition``: itself or a base."""
    bases = mro(definition) if isinstance(definition, griffe.Class) else []
    return next((each for each in (definition, *bases) if each.docstring), definition)


def exports(module: griffe.Object) -> list[str]:
    """Return the names in ``__all__``, which may be that of another module; none of what is no module."""
    listed = module.members.get("__all__") if module.is_module else None
    if listed is None:
        return []
    parent = final(listed).parent
    assert isinstance(parent, griffe.Module)
    return [str(name) for name in parent.exports or ()]


def mro(cls: griffe.Class) -> list[griffe.Class]:
    """Return the bases of a class, in order; none if one of them is of another library."""
    try:
        return cls.mro()
    except ValueError:
        return []


def has_base(cls: griffe.Class, name: str) -> bool:
    return any(str(base) == name for base in cls.bases)


def has_fields(cls: griffe.Class) -> bool:
    """Whether a class is a model, or a dict with these keys."""
    return ".v2.models." in cls.path or has_base(cls, "TypedDict")


def constructor(cls: griffe.Class, members: dict[str, griffe.Object]) -> list[griffe.Parameter]:
    """Return the parameters of a class, and remove ``__init__`` from its members."""
    init = members.pop("__init__", None)
    if isinstance(init, griffe.Function):
        return list(init.parameters)[1:]
    if not has_base(cls, "NamedTuple"):
        return list(cls.parameters)[1:] if "dataclass" in cls.labels else []
    return [
        griffe.Parameter(
            name, annotation=each.annotation, kind=griffe.ParameterKind.positional_or_keyword, default=each.value
        )
        for name, each in members.items()
        if isinstance(each, griffe.Attribute) and each.annotation is not None and "property" not in each.labels
    ]


def load(root: Path = HOME) -> griffe.Object:
    """Return the namespace ``vimmerse`` of a checkout, with all its packages."""
    loader = griffe.GriffeLoader(search_paths=[root / "compat", root / "generated"], allow_inspection=False)
    loader.load("vimmerse")
    loader.resolve_aliases(implicit=True)
    return final(loader.modules_collection["vimmerse"])


def pages(root: Path) -> dict[Path, str]:
    """Return the text of each page, which begins with what stands there now."""
    namespace = load()
    places: Places = {}
    expected = {}
    for page in [Page(name, namespace, places) for name in PAGES]:  # all of them, before the first has a link
        path = root / FOLDER / f"{page.page}.md"
        before, mark, _ = path.read_text("utf-8").partition(MARK)
        if not mark:
            raise SystemExit(f"{path}: the line is missing: {MARK}")
        expected[path] = f"{before}{MARK}\n\n{page.text()}"
    return expected


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page is not up to date")
    parser.add_argument("--root", type=Path, default=HOME, help="where the pages are (default: this project)")
    arguments = parser.parse_args()
    drifted = {path: text for path, text in pages(arguments.root).items() if path.read_text("utf-8") != text}
    for path, text in drifted.items():
        name = path.relative_to(arguments.root)
        if arguments.check:
            print(f"{name}: not up to date. To write it: scripts/regenerate", file=sys.stderr)
        else:
            path.write_text(text, "utf-8")
            print(f"{name}: changed")
    return 1 if arguments.check and drifted else 0


if __name__ == "__main__":
    sys.exit(main())
