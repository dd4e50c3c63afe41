"""Follow the values of a program through its modules, without running it.

Statements are interpreted in their order, with the set of values that each name may have. A call of one of the
program's functions interprets the function with the values of the arguments, so a helper such as
``api(method, path, payload)`` is seen once for each way in which it is called. Branches are joined, loops run twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import libcst as cst
from vimmerse.compat.migrate.rewrite.definitions import Definitions, annotated_type
from vimmerse.compat.migrate.rewrite.program import Module, Program
from vimmerse.compat.migrate.rewrite.scopes import Scope, set_values, union
from vimmerse.compat.migrate.rewrite.values import (
    ANYTHING,
    NOTHING,
    ClassObject,
    Function,
    FunctionObject,
    HttpCall,
    Instance,
    List,
    Unknown,
    Values,
    literal,
)

_MAX_RUNS = 60  # of one function, with other arguments each
_MAX_DEPTH = 12


class Analysis(Definitions):
    """The values of all expressions of a program, and the HTTP calls that it makes.

    Attributes:
        program: Its modules.
        calls: Every way in which an HTTP call is reached.
        values: What each expression may evaluate to, over all ways in which it is reached; see :meth:`of`.
        functions: The functions of the program, by their nodes.
    """

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._results: dict[tuple[object, ...], tuple[Values, list[HttpCall]]] = {}
        self._runs: dict[FunctionObject, int] = {}
        self._running: list[tuple[FunctionObject, Scope | None]] = []
        self._returned: list[Values] = []
        self._loops: list[list[dict[str, Values]]] = []
        # What the first run learns of attributes and of names that are bound later, the second one uses.
        for _ in range(2):
            self._start_again()
            for module in program.modules.values():
                self.run_module(module)
            for function in list(self.functions.values()):
                if function not in self._runs or function in self.callbacks:
                    self._run_uncalled(function)

    def _start_again(self) -> None:
        self.calls.clear()
        self.values.clear()
        self.escapes.clear()
        self.reads.clear()
        self.callbacks.clear()
        self.tested.clear()
        self.texts_passed.clear()
        self.module_scopes.clear()
        self._results.clear()
        self._runs.clear()
        self._raising.clear()

    # Modules, functions and classes

    def run_module(self, module: Module) -> Scope:
        """Interpret a module once, and return its names."""
        if module.path in self.module_scopes:
            return self.module_scopes[module.path]
        scope = self.module_scopes[module.path] = Scope()
        scope.names["__name__"] = ANYTHING
        outer = self._enter(module, scope, ())
        running, self._returned, self._loops = (self._returned, self._loops), [], []
        self.run_block(module.tree.body)
        self._returned, self._loops = running
        self._leave(outer)
        return scope

    def _run_uncalled(self, function: FunctionObject) -> None:
        """Run a function that the program itself doesn't call: its arguments are what the annotations say."""
        bound = Instance(function.cls) if function.cls is not None else None
        self.call_function(Function(function, bound), None, [], {}, open_arguments=True)

    def call_function(
        self,
        function: Function,
        node: cst.Call | None,
        positional: Sequence[Values],
        keywords: dict[str, Values],
        *,
        open_arguments: bool = False,
        rest: Values = NOTHING,
    ) -> Values:
        """Return what a call of one of the program's functions returns.

        Args:
            open_arguments: Whether there may be arguments that can't be seen.
            rest: The dict that a ``**kwargs`` parameter gets.
        """
        target = function.object
        arguments = self._bind(function, node, positional, keywords, open_arguments, rest)
        key = (target, function.bound, function.scope, tuple(sorted(arguments.items(), key=lambda item: item[0])))
        if key in self._results:
            returned, raising = self._results[key]
            self._raising.extend(raising)
            return returned
        running = target, function.scope
        if running in self._running or len(self._running) >= _MAX_DEPTH or self._runs.get(target, 0) >= _MAX_RUNS:
            return ANYTHING
        self._runs[target] = self._runs.get(target, 0) + 1
        scope = Scope(function.scope or target.scope)
        scope.names.update(arguments)
        chain = (*self.chain, node) if node is not None else self.chain
        outer = self._enter(self.program.modules[target.path], scope, chain)
        loops, self._loops = self._loops, []
        raised_before, self._raising = self._raising, []
        self._running.append(running)
        self._returned.append(NOTHING)
        self._yielded.append(NOTHING)
        if isinstance(target.node, cst.Lambda):
            self._returned[-1] = self.evaluate(target.node.body)
        else:
            self._suite(target.node.body)
        returned = self.yielding(target, self._returned.pop(), self._yielded.pop())
        self._running.pop()
        self._loops = loops
        self._leave(outer)
        raising, self._raising = list(dict.fromkeys(self._raising)), raised_before
        self._raising.extend(raising)
        self._results[key] = returned, raising
        return returned

    def _bind(
        self,
        function: Function,
        node: cst.Call | None,
        positional: Sequence[Values],
        keywords: dict[str, Values],
        open_arguments: bool,
        rest: Values,
    ) -> dict[str, Values]:
        target, parameters = function.object, function.object.node.params
        names = [*parameters.posonly_params, *parameters.params]
        given = list(positional)
        if function.bound is not None or "classmethod" in function.object.decorator_names:
            given.insert(0, frozenset({function.bound}) if function.bound is not None else ANYTHING)
        bound: dict[str, Values] = {}
        for parameter, values in zip(names, given, strict=False):
            bound[parameter.name.value] = values
        for parameter in (*names, *parameters.kwonly_params):
            name = parameter.name.value
            if name in bound:
                continue
            if name in keywords:
                bound[name] = keywords[name]
                continue
            outer = self._enter(self.program.modules[target.path], target.scope or self.scope, self.chain)
            if parameter.default is None:
                bound[name] = self.typed(parameter)
            else:
                default = self.evaluate(parameter.default)
                bound[name] = union(default, self.typed(parameter)) if open_arguments else default
            self._leave(outer)
        if isinstance(parameters.star_arg, cst.Param):
            extra = given[len(names) :]
            made = self._new_list(node.func if node is not None else parameters.star_arg)  # of this call
            made.items.extend((None, values) for values in extra)
            made.is_open = open_arguments
            bound[parameters.star_arg.name.value] = frozenset({List(made)})
        if parameters.star_kwarg is not None:
            bound[parameters.star_kwarg.name.value] = rest or ANYTHING
        return bound

    def instantiate(
        self, cls: ClassObject, node: cst.Call, positional: Sequence[Values], keywords: dict[str, Values], rest: Values
    ) -> Values:
        """Return an instance of a class of the program, after running its constructor."""
        instance = Instance(cls)
        if (constructor := self.find_in_class(cls, "__init__")) is not None:
            for value in constructor:
                if isinstance(value, Function):
                    self.call_function(replace(value, bound=instance), node, positional, keywords, rest=rest)
        elif cls.is_dataclass:
            for name, values in zip(cls.names, positional, strict=False):
                self.set_attribute(cls, name, values)
            for name, values in keywords.items():
                self.set_attribute(cls, name, values)
        return frozenset({instance})

    # Blocks

    def _suite(self, suite: cst.BaseSuite) -> bool:
        return self.run_block(suite.body)

    def run_block(self, statements: Sequence[cst.CSTNode]) -> bool:
        """Interpret statements. Return whether what follows them is reached."""
        for statement in statements:
            if isinstance(statement, cst.SimpleStatementLine):
                for small in statement.body:
                    if not self._small(small):
                        return False
            elif isinstance(statement, cst.BaseSmallStatement):
                if not self._small(statement):  # in the line of its `if`
                    return False
            elif not self._compound(statement):
                return False
        return True

    def _small(self, statement: cst.CSTNode) -> bool:
        match statement:
            case cst.Expr(value=value):
                return not self._exits(value, self.evaluate(value))
            case cst.Assign(targets=targets, value=value):
                values = self.evaluate(value)
                for target in targets:
                    self.assign(target.target, values, value, statement)
            case cst.AnnAssign(target=target, annotation=annotation, value=annotated):
                if annotated is not None:
                    self.assign(target, self.evaluate(annotated), annotated, statement)
                elif isinstance(target, cst.Name):
                    self.scope.bind(target.value, frozenset({Unknown(annotated_type(annotation))}))
            case cst.AugAssign():
                self.augment(statement)
            case cst.Return(value=returned):
                if returned is not None and self._returned:
                    self._returned[-1] = union(self._returned[-1], self.evaluate(returned))
                return False
            case cst.Raise(exc=raised):
                if raised is not None:
                    self.evaluate(raised)
                return False
            case cst.Break() | cst.Continue():
                if self._loops:
                    self._loops[-1].append(dict(self.scope.names))
                return False
            case cst.Import() | cst.ImportFrom():
                self.import_names(statement)
            case cst.Global(names=names) | cst.Nonlocal(names=names):
                self.scope.globals.update(item.name.value for item in names)
            case cst.Del(target=deleted):
                self.delete(deleted, statement)
            case cst.Assert(test=test):
                self.evaluate(test)
        return True

    @staticmethod
    def _exits(expression: cst.BaseExpression, values: Values) -> bool:
        """Whether an expression ends the program: ``sys.exit(…)``."""
        if not isinstance(expression, cst.Call):
            return False
        match expression.func:
            case cst.Attribute(value=cst.Name(value="sys" | "os"), attr=cst.Name(value="exit" | "_exit")):
                return True
            case cst.Name(value="exit" | "quit"):
                return True
        return False

    def _compound(self, statement: cst.CSTNode) -> bool:
        match statement:
            case cst.FunctionDef():
                self.define(statement)
            case cst.ClassDef():
                self.define_class(statement)
            case cst.If():
                self.evaluate(statement.test)
                alternative = statement.orelse
                return self._branches(
                    statement,
                    lambda: self._suite_if(statement.test, statement.body),
                    lambda: True if alternative is None else self._alternative(alternative),
                )
            case cst.For(target=target, iter=iterated):
                items = self.elements_of(self.evaluate(iterated))

                def body() -> bool:
                    self.assign(target, items, None, statement)
                    return self._suite(statement.body)

                self._loop(statement, body, statement.orelse)
            case cst.While():

                def condition_and_body() -> bool:
                    self.evaluate(statement.test)
                    return self._suite(statement.body)

                self._loop(statement, condition_and_body, statement.orelse)
                # `while True` without a break is left by return or raise only.
            case cst.With(items=items):
                for item in items:
                    values = self.evaluate(item.item)
                    if item.asname is not None:
                        self.assign(item.asname.name, values, None, statement)
                return self._suite(statement.body)
            case cst.Try() | cst.TryStar():
                return self._try(statement)
            case _:
                assert isinstance(statement, cst.Match)
                self.evaluate(statement.subject)
                return self._branches(
                    statement,
                    *(lambda case=case: self._suite(case.body) for case in statement.cases),
                    lambda: True,
                )
        return True

    def _suite_if(self, test: cst.BaseExpression, body: cst.BaseSuite) -> bool:
        """Interpret the body of ``if name:`` or ``if name is not None:``, where the name is not None."""
        match test:
            case cst.Name(value=name):
                empty: tuple[str | None, ...] = ("", None)
            case cst.Comparison(
                left=cst.Name(value=name),
                comparisons=[cst.ComparisonTarget(operator=cst.IsNot(), comparator=cst.Name(value="None"))],
            ):
                empty = (None,)
            case _:
                return self._suite(body)
        values = self.scope.look_up(name)
        if values is not None:
            # None of several may remain: then this way of reaching the function says nothing of what is sent here.
            left = frozenset(value for value in values if literal(frozenset({value})) not in empty)
            self.scope.names[name] = set_values(left)
        return self._suite(body)

    def _alternative(self, alternative: cst.If | cst.Else) -> bool:
        return self._compound(alternative) if isinstance(alternative, cst.If) else self._suite(alternative.body)

    def _branches(self, node: cst.CSTNode, *branches: Callable[[], bool]) -> bool:
        before = dict(self.scope.names)
        ends: list[dict[str, Values]] = []
        for index, branch in enumerate(branches):
            self.scope.names = dict(before)
            self.depth = (*self.depth, hash((id(node), index)))
            if branch():
                ends.append(self.scope.names)
            self.depth = self.depth[:-1]
        if not ends:
            self.scope.names = before
            return False
        self.scope.merge(*ends)
        return True

    def _loop(self, node: cst.CSTNode, body: Callable[[], bool], orelse: cst.Else | None) -> None:
        self.depth = (*self.depth, id(node))
        for _ in range(2):
            before = dict(self.scope.names)
            self._loops.append([])
            reached = body()
            ends = self._loops.pop()
            if reached:
                ends.append(self.scope.names)
            self.scope.names = before
            self.scope.merge(before, *ends)
        self.depth = self.depth[:-1]
        if orelse is not None:
            self._suite(orelse.body)

    def _try(self, statement: cst.Try | cst.TryStar) -> bool:
        before = dict(self.scope.names)
        raised_before = len(self._raising)
        reached = self._suite(statement.body)
        raising = tuple(dict.fromkeys(self._raising[raised_before:]))
        ends: list[dict[str, Values]] = []
        after_body = self.scope.names
        if reached:
            reached = statement.orelse is None or self._suite(statement.orelse.body)
            if reached:
                ends.append(self.scope.names)
        for handler in statement.handlers:
            self.scope.names = {}
            self.scope.merge(before, after_body)
            if handler.name is not None and isinstance(handler.name.name, cst.Name):
                self.scope.bind(handler.name.name.value, self.caught(handler.type, raising))
            self.depth = (*self.depth, id(handler))
            if self._suite(handler.body):
                ends.append(self.scope.names)
            self.depth = self.depth[:-1]
        self.scope.names = {}
        self.scope.merge(*(ends or [before]))
        if statement.finalbody is not None and not self._suite(statement.finalbody.body):
            return False
        return bool(ends)
