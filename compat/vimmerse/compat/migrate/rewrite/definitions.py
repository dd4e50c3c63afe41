"""Definitions and imports: functions, classes and the modules of the program."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

import libcst as cst
from vimmerse.compat.migrate.rewrite.expressions import Expressions
from vimmerse.compat.migrate.rewrite.libraries import CLIENTS
from vimmerse.compat.migrate.rewrite.program import Module, Program
from vimmerse.compat.migrate.rewrite.scopes import Scope, union
from vimmerse.compat.migrate.rewrite.values import (
    ANYTHING,
    Class,
    ClassObject,
    External,
    ExternalInstance,
    Function,
    FunctionObject,
    List,
    ModuleValue,
    Unknown,
    Values,
)

_ANNOTATED_TYPES = {"str", "int", "float", "bool", "dict", "list", "bytes"}


class Definitions(Expressions):
    """Interprets definitions and imports."""

    def __init__(self, program: Program) -> None:
        super().__init__(Scope())
        self.program = program
        self.functions: dict[cst.CSTNode, FunctionObject] = {}
        self.module_scopes: dict[str, Scope] = {}

    @abstractmethod
    def run_module(self, module: Module) -> Scope:
        """Interpret a module once, and return its names."""

    @abstractmethod
    def run_block(self, statements: Sequence[cst.CSTNode]) -> bool:
        """Interpret statements. Return whether what follows them is reached."""

    def define(self, node: cst.FunctionDef, cls: ClassObject | None = None) -> None:
        function = self.functions.get(node)
        if function is None:
            function = self.functions[node] = FunctionObject(node, self.module.path, None)
        function.scope = self.scope.parent if cls is not None else self.scope
        function.cls = cls
        function.decorators = tuple(self.evaluate(decorator.decorator) for decorator in node.decorators)
        if "staticmethod" in function.decorator_names:
            function.cls = None
        values: Values = frozenset({Function(function, scope=self._scope_around(function))})
        values = self._decorated(function, values)
        if cls is not None:
            cls.names[node.name.value] = values
        self.scope.bind(node.name.value, values)

    def typed(self, parameter: cst.Param) -> Values:
        """Return what a parameter is by its annotation: an HTTP client, or a value of a simple type."""
        annotation = parameter.annotation.annotation if parameter.annotation is not None else None
        match annotation:
            case cst.Subscript(
                value=cst.Name(value="Annotated" | "Optional")
                | cst.Attribute(attr=cst.Name(value="Annotated" | "Optional")),
                slice=[cst.SubscriptElement(slice=cst.Index(value=inner)), *_],
            ):
                annotation = inner
            case cst.BinaryOperation(left=inner, operator=cst.BitOr(), right=cst.Name(value="None")):
                annotation = inner
        if isinstance(annotation, cst.Name | cst.Attribute):
            for value in self.evaluate(annotation):
                if isinstance(value, External) and value.name in CLIENTS:
                    return frozenset({ExternalInstance(value.name, parameter)})
        return frozenset({Unknown(annotated_type(parameter.annotation))})

    def yielding(self, function: FunctionObject, returned: Values, yielded: Values) -> Values:
        """Return what a call gives: of a generator what goes through it, of a context manager what ``as`` binds."""
        if not yielded:
            return returned
        if function.decorator_names & {"contextlib.contextmanager", "contextlib.asynccontextmanager"}:
            return yielded
        generated = self._new_list(function.node)
        generated.items.append((None, yielded))
        generated.is_open = True
        return frozenset({List(generated)})

    def define_lambda(self, node: cst.Lambda) -> Values:
        """Return a lambda of the program."""
        function = self.functions.setdefault(node, FunctionObject(node, self.module.path, None))
        function.scope = self.scope
        return frozenset({Function(function, scope=self._scope_around(function))})

    def _decorated(self, function: FunctionObject, values: Values) -> Values:
        """Return what the program's own decorators make of a function."""
        if not any(isinstance(value, Function) for given in function.decorators for value in given):
            return values
        made = values
        for given in reversed(function.decorators):
            made = union(
                *(
                    self.call_function(value, None, [made], {}) if isinstance(value, Function) else ANYTHING
                    for value in given
                )
            )
        if not all(isinstance(value, Function) for value in made) or not made:
            self.callbacks.add(function)
            return values
        for value in made - values:
            assert isinstance(value, Function)
            value.object.cls = function.cls
            self.wrapped.add(function)
        return made

    @staticmethod
    def _scope_around(function: FunctionObject) -> Scope | None:
        around: Scope = function.scope
        return around if around.parent is not None else None

    def define_class(self, node: cst.ClassDef) -> None:
        cls = self.classes.get(node)
        if cls is None:
            cls = self.classes[node] = ClassObject(node, self.module.path)
        cls.bases = [self.evaluate(base.value) for base in node.bases]
        cls.is_dataclass = any(
            "dataclass" in self.module.code(decorator.decorator) or "define" in self.module.code(decorator.decorator)
            for decorator in node.decorators
        )
        outer = self.scope
        self.scope = Scope(outer)
        for statement in node.body.body:
            if isinstance(statement, cst.FunctionDef):
                self.define(statement, cls)
            else:
                self.run_block([statement])
        cls.names.update(self.scope.names)
        self.scope = outer
        self.scope.bind(node.name.value, frozenset({Class(cls)}))

    def import_names(self, statement: cst.Import | cst.ImportFrom) -> None:
        if isinstance(statement, cst.Import):
            for alias in statement.names:
                name = dotted_name(alias.name)
                top = name.partition(".")[0]
                bound = alias.evaluated_alias
                module = self.program.find(name, self.module)
                if bound is not None:
                    self.scope.bind(bound, self._module_values(module) if module else frozenset({External(name)}))
                elif module is None:
                    self.scope.bind(top, frozenset({External(top)}))
                else:
                    self.scope.bind(name, self._module_values(module))
            return
        outer = dotted_name(statement.module) if statement.module is not None else ""
        source = self.program.find(outer, self.module, len(statement.relative))
        if isinstance(statement.names, cst.ImportStar):
            if source is not None:
                self.scope.names.update(self.run_module(source).names)
            return
        for alias in statement.names:
            name = dotted_name(alias.name)
            bound_name = alias.evaluated_alias or name
            values: Values | None = None
            if source is not None:
                values = self.run_module(source).names.get(name)
            if values is None:
                inner = self.program.find(f"{outer}.{name}".lstrip("."), self.module, len(statement.relative))
                if inner is not None:
                    values = self._module_values(inner)
                elif source is None and not statement.relative:
                    values = frozenset({External(f"{outer}.{name}")})
            self.scope.bind(bound_name, values or ANYTHING)

    def _module_values(self, module: Module) -> Values:
        self.run_module(module)
        return frozenset({ModuleValue(module.path)})

    def attribute_of_module(self, path: str, name: str) -> Values:
        """Return what a name of a module of the program is bound to."""
        return self.module_scopes[path].names.get(name, ANYTHING) if path in self.module_scopes else ANYTHING


def annotated_type(annotation: cst.Annotation | None) -> str:
    """Return the name of a simple annotated type, else an empty text."""
    if annotation is None or not isinstance(annotation.annotation, cst.Name):
        return ""
    name = annotation.annotation.value
    return name if name in _ANNOTATED_TYPES else ""


def dotted_name(node: cst.BaseExpression) -> str:
    """Return a name such as ``urllib.parse``."""
    if isinstance(node, cst.Attribute):
        return f"{dotted_name(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""
