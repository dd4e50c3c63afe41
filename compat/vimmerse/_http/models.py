"""The base of the generated models, which are attrs classes: the JSON objects of requests and responses.

A model's annotations are the table by which it is read, checked and written. They are evaluated once for each class.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from types import UnionType
from typing import Any, ClassVar, Final, Literal, Self, Union, get_args, get_origin

from attrs import NOTHING, Attribute, define, field, fields
from vimmerse._http.types import File, FileTypes, RequestFiles, text_part


@define(kw_only=True, repr=False)
class Model:
    """A JSON object. ``to_dict()`` shows all of it; the ``repr`` is a summary.

    ``None`` stands for a field that is absent, and is not sent. Where a model is expected, a dict is accepted too, and
    sent as it is: with its nulls, and with fields that the specification does not have.

    ``additional_properties``: the fields that the specification does not have; ``model["name"]`` gets or sets one.
    """

    additional_properties: dict[str, Any] = field(init=False, factory=dict)
    # What was received as null, or not at all where the default is a text: the default that stands for it, and "null?".
    _stand_ins: dict[str, tuple[Any, bool]] | None = field(init=False, default=None, eq=False)

    def __attrs_post_init__(self) -> None:
        table = _table(type(self))
        for each, value in zip(table.fields, table.values(self), strict=True):
            if type(value) not in each.exact_types:
                setattr(self, each.attribute, each.shape.check(value, f"{type(self).__name__}.{each.attribute}"))

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Return the model of a JSON object. Whatever does not have the documented shape is kept as it is.

        Raises:
            KeyError: a required field is missing.
        """
        model = cls.__new__(cls)
        table = _table(cls)
        rest = dict(src_dict)
        stand_ins: dict[str, tuple[Any, bool]] | None = None
        for each in table.fields:
            value = rest.pop(each.name, NOTHING)
            if value is None or value is NOTHING:
                if each.default is NOTHING:
                    raise KeyError(each.name)
                if value is None or each.default is not None:
                    stand_ins = stand_ins or {}
                    stand_ins[each.name] = each.default, value is None
                value = each.default
            elif each.nested:
                value = each.shape.parse(value)
            setattr(model, each.attribute, value)
        model.additional_properties = rest
        model._stand_ins = stand_ins
        for name, default in table.others:
            setattr(model, name, default())
        return model

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object, which is the one that :meth:`from_dict` was given if nothing has been changed."""
        table = _table(type(self))
        result = dict(self.additional_properties)
        for each, value in zip(table.fields, table.values(self), strict=True):
            if value is not None:
                result[each.name] = _to_json(value) if each.nested else value
        for name, (default, is_null) in (self._stand_ins or {}).items():
            if result.get(name) == default:
                if is_null:
                    result[name] = None
                else:
                    result.pop(name, None)
        return result

    def to_multipart(self) -> RequestFiles:
        """Return the parts of a multipart form. A list is sent as one part for each item, an object as JSON.

        Raises:
            TypeError: a value is not a file where the form has one.
        """
        for each in _table(type(self)).fields:
            value = getattr(self, each.attribute)
            if each.has_file and not (value is None and each.default is None):
                each.shape.check(value, f"{type(self).__name__}.{each.attribute}")
        return [
            (name, _part(item))
            for name, value in self.to_dict().items()
            for item in (value if isinstance(value, list) else [value])
            if item is not None
        ]

    def __getitem__(self, key: str) -> Any:
        if key not in self.additional_properties:
            for each in _table(type(self)).fields:
                if each.name == key:
                    raise KeyError(f"{key!r} is an attribute of {type(self).__name__}: .{each.attribute}")
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    __iter__: ClassVar[None] = None  # or Python would try self[0], self[1], ...

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties

    def __repr__(self) -> str:
        from vimmerse._http.display import text

        return text(self)

    def _repr_html_(self) -> str | None:
        from vimmerse._http.display import html

        return html(self)


def field_values(model: Model) -> Iterator[tuple[str, Any]]:
    """Yield the attributes of the fields of a model, without those that the specification does not have."""
    table = _table(type(model))
    for each, value in zip(table.fields, table.values(model), strict=True):
        yield each.attribute, value


def choose(models: tuple[type[Model], ...], value: Mapping[str, object]) -> type[Model]:
    """Return the first of the models whose required fields are all in a JSON object, or else the last."""

    def is_complete(model: type[Model]) -> bool:
        return all(each.default is None or value.get(each.name) is not None for each in _table(model).fields)

    return next(filter(is_complete, models), models[-1])


def parse_timestamp(text: object) -> datetime | None:
    """Return a time of the API, with its time zone, which is UTC if none is given; None if it is not readable."""
    try:
        time = datetime.fromisoformat(text)  # type: ignore[arg-type]  # what a server sends may be anything
    except (TypeError, ValueError):
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def first_of(model: Model, field_name: str) -> str:
    """Return the first text of a field that is a list. Raises ``ValueError`` if there is none."""
    values = getattr(model, field_name)
    if isinstance(values, list) and values and isinstance(values[0], str):
        return values[0]
    raise ValueError(f"There is nothing in {field_name} of this {type(model).__name__}: {model!r}")


def _to_json(value: Any) -> Any:
    if isinstance(value, Model):
        return value.to_dict()
    if isinstance(value, list):
        return [item.to_dict() if isinstance(item, Model) else item for item in value]
    return value


def _part(value: Any) -> FileTypes:
    if isinstance(value, File):
        return value.to_tuple()
    if isinstance(value, dict):
        return None, json.dumps(value).encode(), "application/json"
    return text_part(value)


class _Shape:
    """What a field may hold, by its annotation: values of ``types``, a ``model``, a list of ``item``."""

    __slots__ = ("is_any", "item", "model", "types")

    def __init__(self, hint: Any) -> None:
        self.types: tuple[type, ...] = ()
        self.model: type[Model] | None = None
        self.item: _Shape | None = None
        self.is_any = False
        for option in get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,):
            origin = get_origin(option) or option
            if origin is Literal:
                self.types += (str,)
            elif origin is list:
                self.item = _Shape(*get_args(option))
            elif origin is Any or not isinstance(origin, type):
                self.is_any = True
            elif issubclass(origin, Model):
                self.model = origin
            else:
                self.types += (float, int) if origin is float else (origin,)

    @property
    def models(self) -> bool:
        return self.model is not None or (self.item is not None and self.item.models)

    @property
    def files(self) -> bool:
        return File in self.types or (self.item is not None and self.item.files)

    def parse(self, value: Any) -> Any:
        """Return what the server sent with its objects as models, if they have the documented shape."""
        if isinstance(value, dict) and self.model is not None:
            try:
                return self.model.from_dict(value)
            except KeyError:
                return value
        if isinstance(value, list) and self.item is not None:
            return [self.item.parse(item) for item in value]
        return value

    def check(self, value: Any, path: str) -> Any:
        """Return a caller's value, with dicts as models. ``path``: the field, for the error.

        Raises:
            TypeError: it has another type.
        """
        if self.is_any:
            return value
        if self.model is not None and isinstance(value, self.model):
            return value
        if self.model is not None and isinstance(value, (dict, Mapping)):  # an exact dict needs no ABC
            return checked_model(self.model, value, path)
        if self.item is not None and isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
            return [self.item.check(item, f"{path}[{index}]") for index, item in enumerate(value)]
        if isinstance(value, self.types) and (bool in self.types or not isinstance(value, bool)):
            return value
        given = type(value)
        # The other version has models of the same names, and numpy a bool.
        is_ambiguous = isinstance(value, Model) or any(given.__name__ == each.__name__ for each in self.types)
        name = f"{given.__module__}.{given.__name__}" if is_ambiguous else given.__name__
        raise TypeError(f"{path} must be {self}, not {name}")

    def __str__(self) -> str:
        names = [] if self.model is None else [self.model.__name__, "dict"]
        names += [] if self.item is None else [f"list of {self.item}"]
        names += ["a File, as in File(open(path, 'rb'))" if each is File else each.__name__ for each in self.types]
        return " or ".join(dict.fromkeys(name for name in names if name != "NoneType"))


def checked_model(model: type[Model], source: Mapping[str, Any], path: str) -> Model:
    """Return the model of a caller's dict. Raises ``TypeError`` as :meth:`_Shape.check` does."""
    rest = dict(source)
    values: dict[str, Any] = {}
    nulls: dict[str, tuple[Any, bool]] = {}
    for each in _table(model).fields:
        value = rest.pop(each.name, None)
        if value is not None:
            if type(value) not in each.exact_types:
                value = each.shape.check(value, f"{path}.{each.name}")
            values[each.attribute] = value
        elif each.default is NOTHING:
            raise TypeError(f"{path}.{each.name} is missing")
        elif each.name in source:
            nulls[each.name] = each.default, True
    result = model(**values)
    result.additional_properties = rest
    result._stand_ins = nulls or None
    return result


class _Field:
    """One field of a model: its ``name`` in JSON, its ``attribute``, and what it may hold."""

    __slots__ = ("attribute", "default", "exact_types", "has_file", "name", "nested", "shape")

    def __init__(self, attribute: Attribute[Any], hint: Any) -> None:
        self.attribute = attribute.name
        self.name: str = attribute.metadata.get("name", attribute.name)
        self.default: Any = attribute.default
        self.shape = shape = _Shape(hint)
        self.nested = shape.models
        self.has_file = shape.files
        # What needs no further check.
        self.exact_types = shape.types if shape.model is None else (*shape.types, shape.model)


class _Table:
    """The fields of a model; the defaults of ``others``, attributes that are not sent; a getter of all values."""

    __slots__ = ("fields", "others", "values")

    def __init__(self, fields: Iterable[_Field], others: Iterable[tuple[str, Callable[[], Any]]]) -> None:
        self.fields: Final = tuple(fields)
        self.others: Final = tuple(others)
        names = [each.attribute for each in self.fields]
        self.values: Callable[[Any], tuple[Any, ...]] = attrgetter(*names)
        if len(names) == 1:  # attrgetter would return the bare value
            self.values = lambda model: (getattr(model, names[0]),)


class _Names(dict[str, Any]):
    """The names in a module's annotations: those of the package that it is in, and of this module."""

    def __init__(self, module: str) -> None:
        self._package = sys.modules.get(module.rpartition(".")[0])

    def __missing__(self, name: str) -> Any:
        if name in ("Any", "File"):
            return globals()[name]
        try:
            return getattr(self._package, name)
        except AttributeError:
            raise KeyError(name) from None


_TABLES: dict[type[Model], _Table] = {}


def _table(model: type[Model]) -> _Table:
    table = _TABLES.get(model)
    if table is None:
        table = _TABLES[model] = _make_table(model)
    return table


def _make_table(model: type[Model]) -> _Table:
    found: dict[str, _Field] = {}
    others: dict[str, Callable[[], Any]] = {}
    for each in reversed(model.__mro__):
        if each is Model or not issubclass(each, Model) or "__attrs_attrs__" not in vars(each):
            continue
        for attribute in fields(each):
            if attribute.init and not attribute.inherited:
                found[attribute.name] = _Field(attribute, _hint(each, attribute))
            elif not attribute.inherited:
                others[attribute.name] = _factory(attribute.default)
    return _Table(found.values(), others.items())


def _hint(model: type[Model], attribute: Attribute[Any]) -> Any:
    if not isinstance(attribute.type, str):
        return attribute.type
    try:
        return eval(attribute.type, vars(sys.modules[model.__module__]), _Names(model.__module__))
    except NameError:  # a caller's own model that names a local class, or one that is imported for type checkers alone
        return Any


def _factory(default: Any) -> Callable[[], Any]:
    factory: Callable[[], Any] | None = getattr(default, "factory", None)
    return factory or (lambda: default)
