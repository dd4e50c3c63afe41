"""The v1 calls of a Python program, by its syntax tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from vimmerse.compat.flows.routing import V1_HOST
from vimmerse.compat.migrate.check import become, values
from vimmerse.compat.migrate.check.become import HOLE, Match, Payload
from vimmerse.compat.migrate.check.findings import words
from vimmerse.compat.migrate.check.payload import VERBS, payload_of
from vimmerse.compat.migrate.check.values import (
    NOTHING,
    Client,
    Items,
    Known,
    Scope,
    Table,
    Text,
    Values,
    called,
    evaluate,
    keyword,
    several,
    texts,
)

#: Names of one's own functions that make calls: `api_post`, `call`, `fetch`.
_SENDS = re.compile(r"request|call|fetch|send|api|(^|_)(get|post|put|delete|patch)(_|$)", re.IGNORECASE)
#: An address among their arguments is shown or compared, not called.
_SHOWS = words(
    "print format info debug warning error exception critical log warn add_argument startswith endswith write "
    "urljoin urlparse urlsplit quote join rstrip lstrip strip removeprefix removesuffix replace str repr getenv "
    "environ setdefault Client AsyncClient add_option option"
)
_ADDRESS = ("url", "uri", "endpoint", "path", "target")
_ROOTED = re.compile(r"/(story|media)(/|\?|$)")
#: An address whose host only the run knows.
_HOSTLESS = re.compile(rf"(?:https?://)?{HOLE}+(?:://{HOLE}+)?(?::(?:{HOLE}|\d+))?(/(?:story|media)(?:[/?].*)?)")


@dataclass
class Call:
    """A v1 call in the making: where it is, what it is, what it carries."""

    node: ast.expr
    match: Match
    payload: Payload | None


@dataclass
class Program:
    """What the files of a scan know of each other.

    ``names``: the constants of its modules by their last name, so that ``from settings import BASE`` is known.
    ``used``: the literals that calls use.
    """

    names: dict[str, list[dict[str, Values]]] = field(default_factory=dict)
    used: set[ast.AST] = field(default_factory=set)

    def add(self, name: str, constants: dict[str, Values]) -> None:
        """Note a module's constants."""
        if constants:
            self.names.setdefault(name, []).append(constants)

    def get(self, name: str) -> Known | None:
        """A module by its last name, if there is just one."""
        found = self.names.get(name.rpartition(".")[2], [])
        return Known(found[0]) if len(found) == 1 else None


def constants(tree: ast.Module) -> dict[str, Values]:
    """A module's texts and tables of texts, for the modules that import them."""
    reader = Scan(Program(), "")
    reader.read(tree)
    return {
        name: found
        for name, found in reader.scope.names.items()
        if any(isinstance(value, Text | Table | Known | Client) for value in found)
    }


def scan(tree: ast.Module, source: str, program: Program) -> Scan:
    """The scan of a module, which :meth:`Scan.finish` ends once all modules are scanned."""
    reader = Scan(program, source)
    reader.read(tree)
    return reader


class Scan:
    """Walks over the statements in their order, as far as that can be done without running them.

    Functions come after the module around them, whose names are then all known.
    """

    def __init__(self, program: Program, source: str) -> None:
        self.scope = Scope()
        self._program = program
        # Only then can an address whose host is not known be the API's.
        self._speaks_of_us = "vimmerse" in source.lower()
        self._speaks_of_v2 = "/v2" in source
        self._has_base = False
        self._later: list[tuple[ast.FunctionDef | ast.AsyncFunctionDef, Scope, dict[str, Values] | None]] = []
        self._calls: list[Call] = []
        self._pathed: list[Call] = []  # by a path alone
        self._veiled: list[tuple[ast.expr, Text]] = []
        self._addresses: dict[ast.AST, tuple[ast.expr, Text]] = {}

    def read(self, tree: ast.Module) -> None:
        """Look at all of a module."""
        self._run(tree.body)
        while self._later:
            function, outer, own = self._later.pop(0)
            self._run_function(function, outer, own)

    def finish(self, program: Program) -> tuple[list[Call], list[ast.expr]]:
        """The calls, and the addresses of the API whose path only the run knows."""
        calls = list(self._calls)
        if self._has_base:
            calls += self._pathed
        for node, text in self._addresses.values():
            if node not in program.used and (found := become.match(text.text)) is not None:
                calls.append(Call(node, found, None))
        # A helper's own address is veiled; its callers' paths are what matters.
        veiled = [] if self._has_base and self._pathed else [node for node, _ in self._veiled]
        return calls, veiled

    # Statements

    def _run(self, body: list[ast.stmt]) -> None:
        for statement in body:
            self._step(statement)

    def _step(self, node: ast.stmt) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self._define(node, None)
        elif isinstance(node, ast.ClassDef):
            self._run_class(node)
        elif isinstance(node, ast.Assign):
            self._look(node.value)
            found = evaluate(node.value, self.scope)
            for target in node.targets:
                self._bind(target, found)
        elif isinstance(node, ast.AnnAssign):
            if node.value is not None:
                self._look(node.value)
                self._bind(node.target, evaluate(node.value, self.scope))
        elif isinstance(node, ast.AugAssign):
            self._look(node.value)
            joined = ast.copy_location(ast.BinOp(_loaded(node.target), node.op, node.value), node)
            self._bind(node.target, evaluate(joined, self.scope))
        elif isinstance(node, ast.For | ast.AsyncFor):
            self._look(node.iter)
            self._bind_each(node.target, node.iter)
            self._run([*node.body, *node.orelse])
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                self._look(item.context_expr)
                if item.optional_vars is not None:
                    self._bind(item.optional_vars, evaluate(item.context_expr, self.scope))
            self._run(node.body)
        elif isinstance(node, ast.If):
            self._look(node.test)
            self._branch(node.body, node.orelse)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self._import(node)
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):  # no docstring
            self._others(node)

    def _others(self, node: ast.AST) -> None:
        """Any other statement: its expressions and its blocks, in their order."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self._look(child)
            elif isinstance(child, ast.stmt):
                self._step(child)
            else:
                self._others(child)

    def _branch(self, yes: list[ast.stmt], no: list[ast.stmt]) -> None:
        before = dict(self.scope.names)
        self._run(yes)
        after, self.scope.names = self.scope.names, before
        self._run(no)
        for name, found in after.items():
            self.scope.names[name] = several((*found, *self.scope.names.get(name, ())))

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            bound = alias.asname or alias.name.partition(".")[0]
            if isinstance(node, ast.Import):
                module = self._program.get(alias.name)
                self.scope.names[bound] = (module,) if module else NOTHING
                continue
            outer = self._program.get(node.module or "")
            inner = self._program.get(alias.name)
            if outer is not None and alias.name in outer.names:
                found = self.scope.names[bound] = outer.names[alias.name]
                for value in found:
                    self._note_base(value)
            else:
                self.scope.names[bound] = (inner,) if inner else NOTHING

    def _define(self, node: ast.FunctionDef | ast.AsyncFunctionDef, own: dict[str, Values] | None) -> None:
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self._look(default)
        if own is None:
            self.scope.names[node.name] = NOTHING
        self._later.append((node, self.scope, own))

    def _run_function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, outer: Scope, own: dict[str, Values] | None
    ) -> None:
        arguments = node.args
        self.scope = Scope(outer)
        names = self.scope.names
        positional = (*arguments.posonlyargs, *arguments.args)
        for argument in (*positional, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg):
            if argument is not None:
                names[argument.arg] = NOTHING
        defaults = [*zip(reversed(positional), reversed(arguments.defaults), strict=False)]
        defaults += [
            (name, value) for name, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value
        ]
        for argument, default in defaults:
            # A default text is what it will mostly be; a default None is not.
            names[argument.arg] = several(value for value in evaluate(default, outer) if isinstance(value, Text))
        if own is not None and positional:
            names[positional[0].arg] = (Known(own),)
        self._run(node.body)
        self.scope = outer

    def _run_class(self, node: ast.ClassDef) -> None:
        for base in (*node.bases, *(each.value for each in node.keywords)):
            self._look(base)
        outer = self.scope
        self.scope = Scope(outer)
        own = self.scope.names
        methods = [each for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
        self._run([each for each in node.body if each not in methods])
        self.scope = outer
        for method in sorted(methods, key=lambda each: each.name != "__init__"):
            self._define(method, own)
        outer.names[node.name] = (Known(own),)

    # Names

    def _bind(self, target: ast.expr, found: Values) -> None:
        for value in found:
            self._note_base(value)
        if isinstance(target, ast.Name):
            self.scope.names[target.id] = found
        elif isinstance(target, ast.Tuple | ast.List):
            for place, inner in enumerate(target.elts):
                items = [value.items[place] for value in found if isinstance(value, Items) and place < len(value.items)]
                self._bind(inner, several(items))
        elif isinstance(target, ast.Attribute):
            for owner in evaluate(target.value, self.scope):
                if isinstance(owner, Known):
                    owner.names[target.attr] = several((*owner.names.get(target.attr, ()), *found))
        elif isinstance(target, ast.Subscript):
            self._set_item(target, found)

    def _set_item(self, target: ast.Subscript, found: Values) -> None:
        key = values.only(evaluate(target.slice, self.scope))
        named = isinstance(key, Text) and HOLE not in key.text
        more = Table({key.text: values.only(found)}) if named and isinstance(key, Text) else Table({}, False)
        self._update(target.value, more)

    def _update(self, owner: ast.expr, more: Table) -> None:
        changed = tuple(
            values.merged(value, more) if isinstance(value, Table) else value for value in evaluate(owner, self.scope)
        )
        if isinstance(owner, ast.Name):
            self.scope.names[owner.id] = changed

    def _bind_each(self, target: ast.expr, iterated: ast.expr) -> None:
        found: list[values.Value] = []
        for value in evaluate(iterated, self.scope):
            if isinstance(value, Items):
                found += value.items
            elif isinstance(value, Table):
                found += (Text(name) for name in value.items)
        self._bind(target, several(found))

    def _note_base(self, value: values.Value) -> None:
        if isinstance(value, Client):
            value = value.base
        if isinstance(value, Text) and become.is_base(value.text):
            self._has_base = True

    # Expressions

    def _look(self, node: ast.AST) -> None:
        """Look at an expression and all within it: for calls, and for addresses."""
        if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            for each in node.generators:
                self._bind_each(each.target, each.iter)
        if isinstance(node, ast.Call):
            self._look_at_call(node)
        elif isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp):
            self._note_address(node)
            if isinstance(node, ast.Constant):
                return
        for child in ast.iter_child_nodes(node):
            if isinstance(node, ast.BinOp | ast.JoinedStr) and isinstance(child, ast.Constant | ast.BinOp):
                self._look_within(child)
            else:
                self._look(child)

    def _look_within(self, node: ast.AST) -> None:
        """The inside of an address that is noted as a whole: for calls alone."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.BinOp | ast.JoinedStr | ast.Constant):
                self._look_within(child)
            else:
                self._look(child)

    def _note_address(self, node: ast.expr) -> None:
        for text in texts(node, self.scope):
            self._note_base(text)
            if text.text.startswith(("http://", "https://")):
                if become.match(text.text) is not None:
                    self._addresses[node] = (node, text)
                elif become.is_veiled(text.text):
                    self._veiled.append((node, text))

    def _look_at_call(self, node: ast.Call) -> None:
        if called(node) == "update" and isinstance(node.func, ast.Attribute):
            more = values.only(evaluate(_dict_call(node), self.scope))
            assert isinstance(more, Table)  # which dict(...) always is
            self._update(node.func.value, more)
        bases = self._bases(node)
        shows = called(node) in _SHOWS
        for argument in self._addresses_of(node):
            for text in texts(argument, self.scope):
                self._note_base(text)
                self._take(node, text, bases, shows)

    def _bases(self, node: ast.Call) -> list[Text]:
        if not isinstance(node.func, ast.Attribute):
            return []
        found = [value.base for value in evaluate(node.func.value, self.scope) if isinstance(value, Client)]
        for base in found:
            self._note_base(base)
        return found

    def _addresses_of(self, node: ast.Call) -> Iterator[ast.expr]:
        yield from node.args
        yield from (each.value for each in node.keywords if each.arg in _ADDRESS)

    def _take(self, node: ast.Call, text: Text, bases: list[Text], shows: bool) -> None:
        """Take an argument for the address of a call, if it is one."""
        hostless = _HOSTLESS.fullmatch(text.text)
        if hostless is not None:
            if self._speaks_of_us and not shows:
                # Beside v2's addresses it may be one of them.
                address = f"https://{V1_HOST}{HOLE if self._speaks_of_v2 else ''}{hostless[1]}"
                self._add(node, address, self._calls)
            return
        if text.text.startswith(("http://", "https://")):
            self._program.used |= text.sources
            if not shows:
                self._add(node, text.text, self._calls)
            return
        if shows:
            return
        if bases:
            for base in bases:
                self._add(node, f"{base.text.rstrip('/')}/{text.text.lstrip('/')}", self._calls)
            return
        if _ROOTED.match(text.text) and self._sends(node):
            self._add(node, f"https://{V1_HOST}{text.text}", self._pathed)

    def _sends(self, node: ast.Call) -> bool:
        """Whether a path among the arguments is one to be called, as far as the name tells."""
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        if any(isinstance(value, Table) for value in evaluate(owner, self.scope)):
            return False
        return bool(_SENDS.search(called(node))) or any(
            text.text.lower() in VERBS for argument in node.args for text in texts(argument, self.scope)
        )

    def _add(self, node: ast.Call, address: str, calls: list[Call]) -> None:
        method = self._method(node)
        found = become.match(address, method)
        if found is None:
            if become.is_veiled(address):
                self._veiled.append((node, Text(address)))
            return
        calls.append(Call(node, found, payload_of(node, found, self.scope)))

    def _method(self, node: ast.Call) -> str:
        name = called(node)
        if name in VERBS:
            return name.upper()
        given = keyword(node, "method")
        candidates = [given] if given is not None else node.args
        for argument in candidates:
            for text in texts(argument, self.scope):
                if text.text.lower() in VERBS:
                    return text.text.upper()
        if name in ("urlopen", "Request"):
            return "POST" if keyword(node, "data") is not None or len(node.args) > 1 else "GET"
        own = re.search(r"(?:^|_)(get|post|put|patch|delete)(?:_|$)", name)
        return own[1].upper() if own else ""


def _loaded(node: ast.expr) -> ast.expr:
    """An assignment's target as an expression."""
    if isinstance(node, ast.Name):
        return ast.copy_location(ast.Name(node.id, ast.Load()), node)
    return node


def _dict_call(node: ast.Call) -> ast.Call:
    """``x.update(...)`` as ``dict(...)``, which has the same arguments."""
    return ast.copy_location(ast.Call(ast.Name("dict", ast.Load()), node.args, node.keywords), node)
