"""The v1 calls of a Python program, found in its syntax tree."""

from __future__ import annotations

import ast
import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from vimmerse.compat.flows.routing import V1_HOST
from vimmerse.compat.migrate.check.arguments import VERBS, payload_of
from vimmerse.compat.migrate.check.expressions import called_name, dict_of_arguments, evaluate, keyword, receiver
from vimmerse.compat.migrate.check.findings import words
from vimmerse.compat.migrate.check.recognition import (
    UNKNOWN_HOST,
    WILDCARD,
    V1Call,
    has_unknown_path,
    is_base_url,
    recognise,
)
from vimmerse.compat.migrate.check.values import (
    MAX_ALTERNATIVES,
    NOT_KNOWN,
    Array,
    Dict,
    Namespace,
    Scope,
    Text,
    Value,
    Values,
    distinct,
    single,
)

#: Names of a program's own functions that make calls: `api_post`, `call`, `fetch`.
_SENDING_NAME = re.compile(r"request|call|fetch|send|api|(^|_)(get|post|put|delete|patch)(_|$)", re.IGNORECASE)
#: Functions that show, compare or build the addresses among their arguments instead of calling them.
_NOT_SENDING = words(
    "print format info debug warning error exception critical log warn add_argument startswith endswith write "
    "urljoin urlparse urlsplit quote join rstrip lstrip strip removeprefix removesuffix replace str repr getenv "
    "environ setdefault Client AsyncClient add_option option"
)
_ADDRESS_ARGUMENTS = ("url", "uri", "endpoint", "path", "target")
_ABSOLUTE = ("http://", "https://")
_V1_PATH = re.compile(r"/(story|media)(/|\?|$)")
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Modules:
    """What the modules of one check share.

    ``constants``: by the last part of a module's name, so that ``from settings import BASE`` is known.
    ``used``: the literals that the addresses of calls are built from.
    """

    constants: dict[str, list[dict[str, Values]]] = field(default_factory=dict)
    used: set[ast.AST] = field(default_factory=set)

    def add(self, module: str, tree: ast.Module) -> None:
        """Note the constants of a module."""
        finder = CallFinder(Modules(), "")
        finder.visit(tree)
        known = {
            name: values
            for name, values in finder.scope.items()
            if any(isinstance(value, Text | Dict | Namespace) for value in values)
        }
        if known:
            self.constants.setdefault(module, []).append(known)

    def get(self, name: str) -> Namespace | None:
        """The module with this name, if there is just one."""
        modules = self.constants.get(name.rpartition(".")[2], [])
        return Namespace(modules[0]) if len(modules) == 1 else None


class CallFinder(ast.NodeVisitor):
    """Follows the statements of a module in their order, and finds the calls.

    Functions come after the module around them, when all its names are known.
    """

    def __init__(self, modules: Modules, source: str) -> None:
        self.scope = Scope()
        self._modules = modules
        # Only then can an address whose host is not known be the API's.
        self._mentions_vimmerse = "vimmerse" in source.lower()
        self._mentions_v2 = "/v2" in source
        self._has_base_url = False
        self._deferred: deque[tuple[_Function, Scope, Namespace | None]] = deque()
        self._calls: list[tuple[ast.expr, V1Call]] = []
        self._calls_by_path: list[tuple[ast.expr, V1Call]] = []  # whose address is a path alone
        self._unknown: list[ast.expr] = []
        self._addresses: dict[ast.expr, Text] = {}

    def results(self) -> tuple[list[tuple[ast.expr, V1Call]], list[ast.expr]]:
        """The calls, and the addresses of the API that are known at run time only. Visit all modules before."""
        calls = [*self._calls, *(self._calls_by_path if self._has_base_url else ())]
        for node, text in self._addresses.items():
            if node not in self._modules.used and (address := recognise(text.text)) is not None:
                calls.append((node, V1Call(address, None)))
        # The function that adds paths to a base URL has an unknown address, but the paths of its callers are known.
        return calls, [] if self._has_base_url and self._calls_by_path else self._unknown

    def _evaluate(self, node: ast.expr | None) -> Values:
        return evaluate(node, self.scope)

    def _texts(self, node: ast.expr | None) -> list[Text]:
        """The texts that an expression may evaluate to. A base URL among them is noted."""
        texts = [value for value in self._evaluate(node) if isinstance(value, Text)]
        self._note_base_url(texts)
        return texts

    # Statements

    def visit_Module(self, node: ast.Module) -> None:
        module = self.scope
        self._visit_all(node.body)
        while self._deferred:
            self._visit_function_body(*self._deferred.popleft())
        self.scope = module

    def _visit_all(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self.scope.evaluated.clear()
            self.visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.visit(node.value)

    def visit_Assign(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> None:
        if node.value is None:
            return
        self.visit(node.value)
        value = node.value
        if isinstance(node, ast.AugAssign):
            value = ast.copy_location(ast.BinOp(node.target, node.op, value), node)
        values = self._evaluate(value)
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            self._bind(target, values)

    visit_AnnAssign = visit_AugAssign = visit_Assign

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        self._bind_items(node.target, node.iter)
        self._visit_all([*node.body, *node.orelse])

    visit_AsyncFor = visit_For

    def visit_withitem(self, node: ast.withitem) -> None:
        self.visit(node.context_expr)
        if node.optional_vars is not None:
            self._bind(node.optional_vars, self._evaluate(node.context_expr))

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        scope, names = self.scope, self.scope.maps[0]
        outer, scope.before = scope.before, {}
        self._visit_all(node.body)
        after_body = {name: names[name] for name in scope.before}
        for name, values in scope.before.items():
            names.pop(name)
            if values is not None:
                names[name] = values
        self._visit_all(node.orelse)
        before, scope.before = scope.before, outer
        for name, values in before.items():
            outer.setdefault(name, values)
            scope[name] = distinct((*after_body.get(name, values or ()), *names.get(name, ())))

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        package = self._modules.get(node.module or "") if isinstance(node, ast.ImportFrom) else None
        for alias in node.names:
            module = self._modules.get(alias.name)
            values: Values = NOT_KNOWN if module is None else (module,)
            if package is not None and alias.name in package.names:
                values = package.names[alias.name]
                self._note_base_url(values)
            self.scope[alias.asname or alias.name.partition(".")[0]] = values

    visit_ImportFrom = visit_Import

    def visit_FunctionDef(self, node: _Function) -> None:
        self.scope[node.name] = NOT_KNOWN
        self._defer(node, None)

    visit_AsyncFunctionDef = visit_FunctionDef

    def _defer(self, node: _Function, owner: Namespace | None) -> None:
        # Decorators are not visited: @app.get("/media") serves a path.
        self._visit_all(each for each in ast.iter_child_nodes(node.args) if isinstance(each, ast.expr))
        self._deferred.append((node, self.scope, owner))

    def _visit_function_body(self, node: _Function, outer: Scope, owner: Namespace | None) -> None:
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        self.scope = outer
        names = {each.arg: NOT_KNOWN for each in ast.iter_child_nodes(arguments) if isinstance(each, ast.arg)}
        defaults = [*zip(reversed(positional), reversed(arguments.defaults), strict=False)]
        for argument, default in (*defaults, *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)):
            # A text as the default is what most callers use; None is not.
            names[argument.arg] = distinct(value for value in self._evaluate(default) if isinstance(value, Text))
        if owner is not None and positional:
            names[positional[0].arg] = (owner,)
        self.scope = outer.new_child(names)
        self._visit_all(node.body)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._visit_all([*node.bases, *node.keywords])
        outer = self.scope
        owner = Namespace({})
        self.scope = outer.new_child(owner.names)
        methods = [each for each in node.body if isinstance(each, _Function)]
        self._visit_all(each for each in node.body if not isinstance(each, _Function))
        self.scope = outer
        for method in sorted(methods, key=lambda each: each.name != "__init__"):
            self._defer(method, owner)
        outer[node.name] = (owner,)

    # Names

    def _bind(self, target: ast.expr, values: Values) -> None:
        self._note_base_url(values)
        match target:
            case ast.Name(name):
                self.scope[name] = values
            case ast.Tuple(elements) | ast.List(elements):
                arrays = [value.items for value in values if isinstance(value, Array)]
                for place, element in enumerate(elements):
                    self._bind(element, distinct(items[place] for items in arrays if place < len(items)))
            case ast.Attribute(owner, name):
                for namespace in self._evaluate(owner):
                    if isinstance(namespace, Namespace):
                        namespace.names[name] = distinct((*namespace.names.get(name, ()), *values))
                self.scope.evaluated.clear()
            case ast.Subscript(owner, index):
                key = single(self._evaluate(index))
                self._update_dict(owner, Dict.of(key, single(values)))

    def _bind_items(self, target: ast.expr, iterated: ast.expr) -> None:
        items: list[Value] = []
        for value in self._evaluate(iterated):
            if isinstance(value, Array):
                items += value.items
            elif isinstance(value, Dict):
                items += map(Text, value.items)
        self._bind(target, distinct(items))

    def _update_dict(self, owner: ast.expr, items: Dict) -> None:
        if isinstance(owner, ast.Name):
            values = self._evaluate(owner)
            merged = (Dict.merged([value, items]) if isinstance(value, Dict) else value for value in values)
            self.scope[owner.id] = tuple(merged)

    def _note_base_url(self, values: Iterable[Value]) -> None:
        for value in values:
            if isinstance(value, Namespace):
                self._note_base_url(_base_urls(value))
            elif isinstance(value, Text) and is_base_url(value.text):
                self._has_base_url = True

    # Expressions

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        for loop in node.generators:
            self._bind_items(loop.target, loop.iter)
        self.generic_visit(node)

    visit_SetComp = visit_GeneratorExp = visit_DictComp = visit_ListComp

    def visit_Constant(self, node: ast.Constant | ast.JoinedStr | ast.BinOp) -> None:
        """Note an address. Its parts are not URLs of their own, but may contain calls."""
        for text in self._texts(node):
            if text.text.startswith(_ABSOLUTE):
                if recognise(text.text) is not None:
                    self._addresses[node] = text
                elif has_unknown_path(text.text):
                    self._unknown.append(node)
        self._visit_parts(node)

    visit_JoinedStr = visit_BinOp = visit_Constant

    def _visit_parts(self, node: ast.AST) -> None:
        parts = [*ast.iter_child_nodes(node)][::-1]
        while parts:
            part = parts.pop()
            if isinstance(part, ast.Constant | ast.JoinedStr | ast.BinOp):
                parts += [*ast.iter_child_nodes(part)][::-1]
            else:
                self.visit(part)

    def visit_Call(self, node: ast.Call) -> None:
        owner = receiver(node)
        if owner is not None and called_name(node) == "update":
            self._update_dict(owner, dict_of_arguments(node, self.scope))
        elif owner is not None and called_name(node) == "add_field" and node.args:  # of aiohttp's FormData
            is_value = len(node.args) > 1 and keyword(node, "filename") is None
            value = self._evaluate(node.args[1]) if is_value else NOT_KNOWN
            self._update_dict(owner, Dict.of(single(self._evaluate(node.args[0])), single(value)))
        base_urls = [text for value in self._evaluate(owner) for text in _base_urls(value)]
        self._note_base_url(base_urls)
        named = [each.value for each in node.keywords if each.arg in _ADDRESS_ARGUMENTS]
        for argument in (*node.args[:MAX_ALTERNATIVES], *named):
            for text in self._texts(argument):
                self._add_calls(node, text, base_urls)
        self.generic_visit(node)

    def _add_calls(self, node: ast.Call, text: Text, base_urls: list[Text]) -> None:
        """Add the calls that an argument is the address of."""
        absolute = text.text.startswith(_ABSOLUTE)
        unknown_host = UNKNOWN_HOST.fullmatch(text.text)
        if absolute and unknown_host is None:
            self._modules.used |= text.sources
        if called_name(node) in _NOT_SENDING:
            return
        if unknown_host is not None:
            if self._mentions_vimmerse:
                # In a program that uses v2 too, the unknown part may end in /v2.
                unknown = WILDCARD if self._mentions_v2 else ""
                self._add(node, f"https://{V1_HOST}{unknown}{unknown_host[1]}", self._calls)
        elif absolute:
            self._add(node, text.text, self._calls)
        elif base_urls:
            for base_url in base_urls:
                self._add(node, f"{base_url.text.rstrip('/')}/{text.text.lstrip('/')}", self._calls)
        elif _V1_PATH.match(text.text) and self._seems_to_send(node):
            self._add(node, f"https://{V1_HOST}{text.text}", self._calls_by_path)
        elif _V1_PATH.match(f"/{text.text}") and self._verb_among(node.args):  # call("POST", "story")
            self._add(node, f"https://{V1_HOST}/{text.text}", self._calls_by_path)

    def _add(self, node: ast.Call, url: str, calls: list[tuple[ast.expr, V1Call]]) -> None:
        address = recognise(url, self._method(node))
        if address is not None:
            calls.append((node, V1Call(address, payload_of(node, address, self.scope))))
        elif has_unknown_path(url):
            self._unknown.append(node)

    def _seems_to_send(self, node: ast.Call) -> bool:
        """Whether a path among the arguments is called, as far as names tell."""
        if any(isinstance(value, Dict) for value in self._evaluate(receiver(node))):
            return False
        return bool(_SENDING_NAME.search(called_name(node)) or self._verb_among(node.args))

    def _method(self, node: ast.Call) -> str:
        """The HTTP method of a call; empty if it is not known."""
        name = called_name(node)
        if name in VERBS:
            return name.upper()
        argument = keyword(node, "method")
        verb = self._verb_among(node.args if argument is None else [argument])
        if not verb and name in ("urlopen", "Request"):
            return "POST" if keyword(node, "data") is not None or len(node.args) > 1 else "GET"
        in_name = re.search(r"(?:^|_)(get|post|put|patch|delete)(?:_|$)", name)
        return verb or (in_name[1].upper() if in_name else "")

    def _verb_among(self, arguments: Iterable[ast.expr]) -> str:
        candidates = (text.text for argument in arguments for text in self._texts(argument))
        return next((text.upper() for text in candidates if text.lower() in VERBS), "")


def _base_urls(value: Value) -> list[Text]:
    """The base URLs of an HTTP client."""
    values = value.names.get("base_url", ()) if isinstance(value, Namespace) else ()
    return [each for each in values if isinstance(each, Text)]
