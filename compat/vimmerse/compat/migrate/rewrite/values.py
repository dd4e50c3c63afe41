"""What an expression of a program may evaluate to.

A set of values (:data:`Values`) stands for an expression: several where the program has branches. ``UNKNOWN`` among
them says that there are values that the analysis can't see.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import libcst as cst

#: Where the elements of a list are on the path of a :class:`Body`.
ELEMENT = "*"


@dataclass(frozen=True)
class Unknown:
    """A value that the analysis can't see.

    Attributes:
        type: The name of its type where that is known: ``str``, ``int``, ``float``, ``bool``, ``dict``, ``list``.
        may_be_none: Whether it is what ``get(key)`` or ``os.getenv(name)`` gives, so that None is to be expected.
    """

    type: str = ""
    may_be_none: bool = False


UNKNOWN = Unknown()


@dataclass(frozen=True)
class Constant:
    """A number, boolean, bytes or None that the program names. ``node`` is the literal."""

    value: Any
    node: cst.BaseExpression


@dataclass(frozen=True)
class Piece:
    """A part of a text.

    Attributes:
        text: The characters of a literal (without quotes, unescaped), or None for an expression in a template.
        node: The literal (``SimpleString`` or ``FormattedStringText``), or the expression.
    """

    text: str | None
    node: cst.CSTNode
    values: Values = frozenset()


@dataclass(frozen=True)
class Text:
    """A text: a literal, or literals and expressions that are joined by ``+``, an f-string, ``%``, ``format``, …"""

    pieces: tuple[Piece, ...]

    @property
    def literal(self) -> str | None:
        """The text if all of it is known, else None."""
        texts = [piece.text for piece in self.pieces]
        return "".join(text for text in texts if text is not None) if None not in texts else None

    @property
    def pattern(self) -> str:
        """The text with ``{}`` for each expression."""
        return "".join("{}" if piece.text is None else piece.text for piece in self.pieces)


@dataclass(eq=False)
class Entry:
    """An entry of a dict that the program builds.

    Attributes:
        key: The key, or None where it is not known.
        value: The expression of the value; None where the entry has no expression of its own.
        values: What the expression may evaluate to.
        node: What makes the entry: a ``DictElement``, an ``Arg`` with a keyword (``dict(a=1)``, a call's ``**kwargs``,
            ``update(a=1)``), an ``Assign`` or ``AnnAssign`` (``payload["a"] = 1``), a ``Call`` (``setdefault``), or an
            ``Element`` (a tuple in a list of pairs).
        conditional: Whether a branch or loop between the making of the dict and the entry decides if it is there.
    """

    key: str | None
    value: cst.BaseExpression | None
    values: Values
    node: cst.CSTNode
    conditional: bool = False


@dataclass(eq=False)
class DictObject:
    """A dict that the program makes, or a list of pairs that a form takes like a dict.

    Attributes:
        node: The expression that makes it: a ``Dict``, a ``Call`` of ``dict``, a ``List`` of pairs, or the function
            whose ``**kwargs`` it is.
        entries: In the order in which they are made. A key may occur twice: the later one wins (in a list of pairs,
            both count).
        is_open: Whether there may be entries that the analysis can't see.
        why_open: The expressions that make it so.
        pairs: Whether it is a list of pairs.
        removed: The keys that are deleted from it later (``del``, ``pop``), with the statement or call.
    """

    node: cst.CSTNode
    entries: list[Entry] = field(default_factory=list)
    why_open: list[cst.CSTNode] = field(default_factory=list)
    pairs: bool = False
    removed: list[tuple[str, cst.CSTNode]] = field(default_factory=list)
    depth: tuple[int, ...] = ()  # the branches around the expression that makes it
    is_sent: bool = False  # what is added now is not in every request

    @property
    def is_open(self) -> bool:
        return bool(self.why_open)

    def find(self, key: str) -> list[Entry]:
        """Return the entries with a key."""
        return [entry for entry in self.entries if entry.key == key]


@dataclass(frozen=True)
class Dict:
    """A dict that the program makes. The object is shared by all who hold it."""

    object: DictObject


@dataclass(eq=False)
class ListObject:
    """A list or tuple that the program makes. ``items`` are its expressions and what each may evaluate to."""

    node: cst.CSTNode
    items: list[tuple[cst.BaseExpression | None, Values]] = field(default_factory=list)
    is_open: bool = False
    depth: tuple[int, ...] = ()
    is_sent: bool = False


@dataclass(frozen=True)
class List:
    """A list or tuple that the program makes."""

    object: ListObject


@dataclass(frozen=True)
class Encoded:
    """A value as text: ``form`` (``urlencode(x)``) or ``json`` (``json.dumps(x)``), perhaps encoded to bytes.

    Attributes:
        node: The call of ``urlencode`` or ``dumps``.
        argument: The expression that is encoded.
    """

    format: str
    node: cst.Call
    argument: cst.BaseExpression
    values: Values


@dataclass(frozen=True)
class File:
    """An open file, or the bytes of one. ``node`` is the expression that opens or reads it."""

    node: cst.BaseExpression


@dataclass(frozen=True)
class External:
    """Something of a library by its full name, such as ``requests.post`` or ``httpx.Client``."""

    name: str


@dataclass(frozen=True)
class ExternalInstance:
    """An instance of a library's class, such as ``requests.Session``. ``arguments`` are those of its constructor."""

    name: str
    node: cst.CSTNode
    arguments: tuple[tuple[str, Values], ...] = ()

    def argument(self, name: str) -> Values:
        """Return what an argument of the constructor may be; nothing if there is none."""
        return dict(self.arguments).get(name, frozenset())


@dataclass(frozen=True)
class Method:
    """An attribute of a value that is not an object of the program: ``session.post``, ``payload.update``."""

    receiver: Value
    name: str
    node: cst.CSTNode


@dataclass(eq=False)
class Argument:
    """An argument of an HTTP call.

    Attributes:
        value: The expression.
        values: What it may evaluate to.
        node: Where it is written: the ``Arg`` of the call, or the entry's node where it comes by ``**kwargs``.
    """

    value: cst.BaseExpression | None
    values: Values
    node: cst.CSTNode


@dataclass(eq=False)
class HttpCall:
    """A call that sends an HTTP request.

    One call expression has a record for each way in which the program reaches it with other arguments: a helper
    function ``api(method, path, payload)`` with five callers has five.

    Attributes:
        node: The call expression.
        path: The module's path.
        library: ``requests``, ``httpx`` or ``urllib``.
        is_async: Whether the client is an ``httpx.AsyncClient``.
        method: The HTTP method, or None if it is not known.
        url: What the address may be, less the client's base address.
        base_url: The base address of the client; empty if it has none.
        arguments: By the name of the library's parameter: ``url``, ``params``, ``data``, ``json``, ``files``,
            ``headers``, ``content``, ``timeout``, …
        is_open: Whether there may be arguments that the analysis can't see.
        chain: The calls of the program's own functions that lead here, outermost first.
        client: The client or session, or the ``Request`` that urllib opens; None for a function of the library.
    """

    node: cst.Call
    path: str
    library: str
    is_async: bool
    method: str | None
    url: Values
    arguments: dict[str, Argument]
    base_url: Values = frozenset()
    is_open: bool = False
    chain: tuple[cst.Call, ...] = ()
    client: Value | None = None
    function: str = ""  # the name that is called: "post", "request", "urlopen", "send"


@dataclass(frozen=True)
class Response:
    """The response of an HTTP call."""

    call: HttpCall


@dataclass(frozen=True)
class ResponseText:
    """The text or bytes of a response: ``response.text``, ``response.content``, ``urlopen(…).read()``."""

    call: HttpCall


@dataclass(frozen=True)
class StatusCode:
    """The HTTP status of a response, or ``response.ok``."""

    call: HttpCall


@dataclass(frozen=True)
class Caught:
    """An exception of a library that the program catches. ``calls``: those that it may come from."""

    calls: tuple[HttpCall, ...]


@dataclass(frozen=True)
class Body:
    """A part of the JSON of a response. ``path`` leads to it: ``("data", "medias", "*", "id")``; empty: all of it."""

    call: HttpCall
    path: tuple[str, ...] = ()


@dataclass(eq=False)
class ClassObject:
    """A class that the program defines."""

    node: cst.ClassDef
    path: str
    bases: list[Values] = field(default_factory=list)
    names: dict[str, Values] = field(default_factory=dict)
    attributes: dict[str, Values] = field(default_factory=dict)  # of its instances
    is_dataclass: bool = False


@dataclass(frozen=True)
class Class:
    """A class of the program, as a value."""

    object: ClassObject


@dataclass(frozen=True)
class Instance:
    """An instance of a class of the program."""

    cls: ClassObject


@dataclass(eq=False)
class FunctionObject:
    """A function or lambda of the program. ``scope`` holds the names around it."""

    node: cst.FunctionDef | cst.Lambda
    path: str
    scope: Any
    cls: ClassObject | None = None
    decorators: tuple[Values, ...] = ()

    @property
    def decorator_names(self) -> set[str]:
        """The full names of its decorators, as far as they are a library's."""
        return {value.name for values in self.decorators for value in values if isinstance(value, External)}

    @property
    def name(self) -> str:
        return self.node.name.value if isinstance(self.node, cst.FunctionDef) else "<lambda>"


@dataclass(frozen=True)
class Function:
    """A function of the program.

    Attributes:
        bound: The instance of a method.
        scope: The names around a function that another function makes; it may be made several times.
    """

    object: FunctionObject
    bound: Value | None = None
    scope: Any = None


@dataclass(frozen=True)
class Partial:
    """A function with some of its arguments: ``functools.partial(requests.post, headers=…)``."""

    functions: Values
    positional: tuple[tuple[cst.Arg, Values], ...]
    keywords: tuple[tuple[str, tuple[cst.Arg, Values]], ...]


@dataclass(frozen=True)
class ModuleValue:
    """A module of the program."""

    path: str


Value = (
    Unknown | Constant | Text | Dict | List | Encoded | File | External | ExternalInstance | Method | Response
    | ResponseText | StatusCode | Caught | Body | Class | Instance | Function | ModuleValue | Partial
)  # fmt: skip
Values = frozenset[Value]

NOTHING: Values = frozenset()
ANYTHING: Values = frozenset({UNKNOWN})
MAY_BE_NONE: Values = frozenset({Unknown(may_be_none=True)})


def only(values: Values) -> Value | None:
    """Return the value if there is just one, else None."""
    return next(iter(values)) if len(values) == 1 else None


def literal(values: Values) -> Any:
    """Return the constant or text that the values are if there is just one and all of it is known, else UNKNOWN."""
    match only(values):
        case Constant(value=value):
            return value
        case Text() as text if text.literal is not None:
            return text.literal
    return UNKNOWN


def literals(values: Values) -> list[Any] | None:
    """Return all constants and texts that the values may be, or None if one of them is not known."""
    known = [literal(frozenset({value})) for value in values]
    return known if UNKNOWN not in known else None
