"""What the functions and classes of the standard library and of HTTP libraries give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import libcst as cst
from vimmerse.compat.migrate.check.findings import words
from vimmerse.compat.migrate.rewrite.values import (
    ANYTHING,
    NOTHING,
    Body,
    Caught,
    Constant,
    Encoded,
    External,
    ExternalInstance,
    File,
    Method,
    Response,
    ResponseText,
    StatusCode,
    Text,
    Unknown,
    Value,
    Values,
)

VERBS = ("get", "post", "put", "delete", "patch", "head", "options")
_VERB_PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "requests.get": ("url", "params"),
    "requests.post": ("url", "data", "json"),
    "requests.put": ("url", "data"),
    "requests.patch": ("url", "data"),
}


class Sender(NamedTuple):
    """A function or method that sends a request.

    Attributes:
        library: ``requests``, ``httpx`` or ``urllib``.
        method: The HTTP method; empty where it is an argument.
        parameters: The names of its positional parameters.
        is_async: Whether the response is awaited.
    """

    library: str
    method: str
    parameters: tuple[str, ...]
    is_async: bool = False


#: Library functions that send a request.
SENDERS: dict[str, Sender] = {
    **{
        f"requests.{verb}": Sender("requests", verb.upper(), _VERB_PARAMETERS.get(f"requests.{verb}", ("url",)))
        for verb in VERBS
    },
    **{
        f"requests.api.{verb}": Sender("requests", verb.upper(), _VERB_PARAMETERS.get(f"requests.{verb}", ("url",)))
        for verb in VERBS
    },
    "requests.request": Sender("requests", "", ("method", "url")),
    "requests.api.request": Sender("requests", "", ("method", "url")),
    **{f"httpx.{verb}": Sender("httpx", verb.upper(), ("url",)) for verb in VERBS},
    "httpx.request": Sender("httpx", "", ("method", "url")),
    "httpx.stream": Sender("httpx", "", ("method", "url")),
    "urllib.request.urlopen": Sender("urllib", "", ("url", "data", "timeout")),
}
#: Classes whose methods send requests: the library, and whether they are awaited.
CLIENTS: dict[str, tuple[str, bool]] = {
    "requests.Session": ("requests", False),
    "requests.session": ("requests", False),
    "requests.sessions.Session": ("requests", False),
    "httpx.Client": ("httpx", False),
    "httpx.AsyncClient": ("httpx", True),
}
_SESSION_PARAMETERS = {
    "get": ("url",),
    "post": ("url", "data", "json"),
    "put": ("url", "data"),
    "patch": ("url", "data"),
}


def sender_of(receiver: Value, name: str) -> Sender | None:
    """Return what a method of a client sends, or None if it sends nothing."""
    if not isinstance(receiver, ExternalInstance) or receiver.name not in CLIENTS:
        return None
    library, is_async = CLIENTS[receiver.name]
    if name in VERBS:
        parameters = _SESSION_PARAMETERS.get(name, ("url",)) if library == "requests" else ("url",)
        return Sender(library, name.upper(), parameters, is_async)
    if name == "request" or (name == "stream" and library == "httpx"):
        return Sender(library, "", ("method", "url"), is_async)
    return None


_TYPES = {
    "str": "str",
    "int": "int",
    "float": "float",
    "bool": "bool",
    "os.getenv": "str",
    "os.environ.get": "str",
    "input": "str",
    "getpass.getpass": "str",
    "len": "int",
    "round": "int",
    "uuid.uuid4": "",
    "time.time": "float",
    "random.randint": "int",
    "os.path.join": "str",
    "os.path.basename": "str",
    "base64.b64encode": "bytes",
    "isinstance": "bool",
    "any": "bool",
    "all": "bool",
}
_TEXT_METHODS = words("lower upper title capitalize replace join removeprefix removesuffix read_text format")
_TRIMMING = words("strip lstrip rstrip")


def call_external(
    name: str, node: cst.Call, positional: Sequence[tuple[cst.Arg, Values]], keywords: Mapping[str, Values]
) -> Values:
    """Return what a library's function gives. ``positional``: its arguments; those of HTTP calls are not asked here."""
    first = positional[0][1] if positional else NOTHING
    if name in CLIENTS:
        return frozenset({ExternalInstance(name, node, tuple(keywords.items()))})
    if name in ("urllib.parse.urlencode", "json.dumps"):
        if not positional:
            return ANYTHING
        return frozenset(
            {Encoded("form" if name.endswith("urlencode") else "json", node, positional[0][0].value, first)}
        )
    if name == "json.loads":
        return frozenset(_parsed(value) for value in first)
    if name == "json.load":
        calls = [call for value in first if isinstance(value, Caught) for call in value.calls]
        return frozenset(
            [Body(value.call) if isinstance(value, Response) else Unknown() for value in first] + list(map(Body, calls))
        )
    if name in ("open", "io.open"):
        return frozenset({File(node)})
    if name == "io.BytesIO":
        return frozenset({File(node)})
    if name in ("os.getenv", "os.environ.get") and len(positional) > 1:
        return frozenset({Unknown("str")}) | positional[1][1]
    if name == "str" and first and all(isinstance(value, Text) for value in first):
        return first
    if name in ("os.getenv", "os.environ.get") and "default" not in keywords:
        return frozenset({Unknown("str", may_be_none=True)})
    if name in _TYPES:
        return frozenset({Unknown(_TYPES[name])})
    if name in ("pathlib.Path", "argparse.ArgumentParser"):
        return frozenset({ExternalInstance(name, node, (("0", first),))})
    if name in (
        "asyncio.run",
        "asyncio.wait_for",
        "asyncio.create_task",
        "asyncio.shield",
        "copy.copy",
        "copy.deepcopy",
    ):
        return first or ANYTHING
    if name in ("urllib.request.Request",):
        arguments = dict(keywords)
        for parameter, (_, values) in zip(("url", "data", "headers"), positional, strict=False):
            arguments[parameter] = values
        return frozenset({ExternalInstance(name, node, tuple(arguments.items()))})
    if name in ("sorted", "list", "tuple", "reversed", "iter", "set") and first:
        return first
    if name in ("typing.cast", "typing_extensions.cast") and len(positional) > 1:
        return positional[1][1]
    return ANYTHING


def _parsed(value: Value) -> Value:
    if isinstance(value, ResponseText):
        return Body(value.call)
    return Unknown()


def call_method(method: Method, node: cst.Call, positional: Sequence[tuple[cst.Arg, Values]]) -> Values:
    """Return what a method of a value gives that is not an object of the program, a dict or a list."""
    receiver, name = method.receiver, method.name
    match receiver:
        case Response(call=call):
            if name == "json":
                return frozenset({Body(call)})
            if name in ("read", "aread"):
                return frozenset({ResponseText(call)})
            if name in ("__enter__", "raise_for_status"):  # httpx returns the response
                return frozenset({receiver})
            return ANYTHING
        case ResponseText():
            return frozenset({receiver}) if name in ("decode", "strip") else ANYTHING
        case Encoded():
            return frozenset({receiver}) if name == "encode" else ANYTHING
        case Text():
            if name == "encode" or name in _TRIMMING:
                return frozenset({receiver})
            return frozenset({Unknown("str")}) if name in _TEXT_METHODS else ANYTHING
        case ExternalInstance(name="pathlib.Path"):
            if name in ("open", "read_bytes"):
                return frozenset({File(node)})
            return frozenset({Unknown("str")}) if name in _TEXT_METHODS else ANYTHING
        case File():
            return frozenset({receiver}) if name in ("read", "__enter__") else ANYTHING
        case ExternalInstance():
            return frozenset({receiver}) if name in ("__enter__", "__aenter__") else ANYTHING
    return ANYTHING


def attribute_of(value: Value, name: str, node: cst.CSTNode) -> Value:
    """Return an attribute of a value that is not an object of the program."""
    match value:
        case External(name=outer):
            return External(f"{outer}.{name}")
        case Response(call=call):
            if name in ("status_code", "ok", "is_success", "is_error", "status", "code"):
                return StatusCode(call)
            if name in ("text", "content"):
                return ResponseText(call)
        case Unknown() | Constant():
            return Unknown()
    return Method(value, name, node)
