"""Attributes of modules, classes and instances of the program."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import replace

import libcst as cst
from vimmerse.compat.migrate.rewrite.containers import Containers
from vimmerse.compat.migrate.rewrite.libraries import attribute_of
from vimmerse.compat.migrate.rewrite.scopes import union
from vimmerse.compat.migrate.rewrite.values import (
    ANYTHING,
    NOTHING,
    Caught,
    Class,
    ClassObject,
    External,
    ExternalInstance,
    Function,
    Instance,
    Method,
    ModuleValue,
    Response,
    Value,
    Values,
)


class Attributes(Containers, ABC):
    """Evaluates attributes."""

    # What the interpreter of statements does

    @abstractmethod
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
        """Return what a call of one of the program's functions returns."""

    @abstractmethod
    def instantiate(
        self, cls: ClassObject, node: cst.Call, positional: Sequence[Values], keywords: dict[str, Values], rest: Values
    ) -> Values:
        """Return an instance of a class of the program, after running its constructor."""

    @abstractmethod
    def define_lambda(self, node: cst.Lambda) -> Values:
        """Return a function of the program that has no name."""

    @abstractmethod
    def attribute_of_module(self, path: str, name: str) -> Values:
        """Return what a name means in a module of the program."""

    # Attributes

    def set_attribute(self, cls: ClassObject, name: str, values: Values) -> None:
        """Note a value of an attribute of a class's instances."""
        cls.attributes[name] = union(cls.attributes.get(name, NOTHING), values)

    def find_in_class(self, cls: ClassObject, name: str) -> Values | None:
        """Return what a name means in a class or the classes of the program that it inherits from."""
        if name in cls.names:
            return cls.names[name]
        for values in cls.bases:
            for value in values:
                if isinstance(value, Class) and (found := self.find_in_class(value.object, name)) is not None:
                    return found
        return None

    def external_base(self, cls: ClassObject) -> str:
        """Return the full name of the library's class that a class of the program inherits from, or an empty text."""
        return next(self.external_bases(cls), "")

    def external_bases(self, cls: ClassObject) -> Iterator[str]:
        """Yield the full names of the libraries' classes that a class of the program inherits from."""
        for values in cls.bases:
            for value in values:
                if isinstance(value, External):
                    yield value.name
                elif isinstance(value, Class):
                    yield from self.external_bases(value.object)

    def _attribute_of(self, value: Value, name: str, node: cst.CSTNode) -> Values:
        match value:
            case ModuleValue(path=path):
                return self.attribute_of_module(path, name)
            case Instance(cls=cls):
                attributes = self._inherited_attributes(cls, name)
                in_class = self.find_in_class(cls, name)
                if in_class is not None:
                    return union(attributes, *(self._bound(item, value) for item in in_class))
                if attributes:
                    return attributes
                if base := self.external_base(cls):
                    return frozenset({Method(ExternalInstance(base, cls.node), name, node)})
                return ANYTHING
            case Class(object=cls):
                in_class = self.find_in_class(cls, name)
                if in_class is None:
                    return ANYTHING
                return union(*(self._bound_to_class(item, value) for item in in_class), NOTHING)
            case Caught(calls=calls):
                if name == "read":  # urllib's error is the response
                    return frozenset({Method(value, name, node)})
                return frozenset(map(Response, calls)) if name == "response" else ANYTHING
            case ExternalInstance(name="argparse.Namespace"):
                return self._arguments_of_programs.get(name, ANYTHING)
            case ExternalInstance(node=constructor) if (constructor, name) in self._attributes:
                return self._attributes[constructor, name]
        return frozenset({attribute_of(value, name, node)})

    def _inherited_attributes(self, cls: ClassObject, name: str) -> Values:
        found = cls.attributes.get(name, NOTHING)
        for values in cls.bases:
            for value in values:
                if isinstance(value, Class):
                    found = union(found, self._inherited_attributes(value.object, name))
        return found

    @staticmethod
    def _bound_to_class(item: Value, cls: Value) -> Values:
        if isinstance(item, Function) and item.object.cls is not None and "classmethod" in item.object.decorator_names:
            return frozenset({replace(item, bound=cls)})
        return frozenset({item})

    def _bound(self, item: Value, instance: Value) -> Values:
        if not isinstance(item, Function) or item.object.cls is None:
            return frozenset({item})
        if "classmethod" in item.object.decorator_names:
            return self._bound_to_class(item, Class(item.object.cls))
        if item.object.decorator_names & {"property", "functools.cached_property"}:
            return self.call_function(replace(item, bound=instance), None, [], {})
        return frozenset({replace(item, bound=instance)})
