"""The methods of CompatClient and AsyncCompatClient as Python source: one function for each v1 operation."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from scripts._python import formatted, source
from scripts._spec import COMMAND, FORM, JSON, MULTIPART, Call, Failure, Field, Spec, describe, without_v2

FOLDER = "generated/vimmerse/_compat_methods"
WIDTH = 120
BANNER = (
    f"# Written by {COMMAND} from openapi/v1.yaml and compat/vimmerse/compat/rules/. Do not edit: change those,\n"
    f"# then run {COMMAND} again.\n"
)

#: Each module's class and docstring.
MODULES = {
    "one_call": ("OneCallMethods", "A whole story from one request."),
    "story": ("StoryMethods", "Stories, complete or step by step."),
    "media": ("MediaMethods", "Media."),
}
#: By response kind: the type that a method returns, and the method of ``EndpointMethods`` that it uses.
RESULTS = {
    "story": ("StoryT", "_story"),
    "media": ("MediaT", "_media"),
    "status": ("MediaT", "_media"),
    "bytes": ("FileT", "_file"),
}
PAID = {"always": "Paid.", "update": "Paid if a field is given that says so, otherwise free.", "never": ""}
BODY_KINDS = ((FORM, "form"), (MULTIPART, "multipart"), (JSON, "json"), ("query", "query"))

#: Annotations by JSON types. An object may also be given as JSON text.
ANNOTATIONS = (
    ({"array of file"}, "Files"),
    ({"array of string"}, "Texts"),
    ({"array of object", "object"}, "Objects | Object"),
    ({"array of object"}, "Objects"),
    ({"object"}, "Object"),
    ({"string", "boolean"}, "bool | str"),
    ({"string"}, "str"),
    ({"boolean"}, "bool"),
    ({"integer"}, "int"),
    ({"number"}, "float"),
)


def files(spec: Spec, calls: Sequence[Call]) -> dict[str, str]:
    """The text of each module, by path."""
    texts = {
        f"{FOLDER}/__init__.py": f'{BANNER}\n"""The methods of CompatClient: one for each v1 operation."""\n',
        f"{FOLDER}/py.typed": "",
    }
    for name in MODULES:
        texts[f"{FOLDER}/{name}.py"] = module(spec, name, [call for call in calls if module_of(call) == name])
    return texts


def module_of(call: Call) -> str:
    if call.rules.path.startswith("/media"):
        return "media"
    return "one_call" if call.rules.path.endswith("-2-video") else "story"


def module(spec: Spec, name: str, calls: Sequence[Call]) -> str:
    class_name, summary = MODULES[name]
    endpoints = "\n".join(endpoint(spec, call) for call in calls)
    methods = "\n".join(method(spec, call) for call in calls)
    annotations = [name for name in ("Files", "Id", "Object", "Objects", "Texts") if has_word(name, methods)]
    names = sorted(["Endpoint", "EndpointMethods", "FileT", "MediaT", "StoryT", *annotations])
    code = (
        f"from __future__ import annotations\n\n"
        f"from vimmerse.compat.endpoints import {', '.join(names)}\n\n"
        f"{endpoints}\n"
        f"class {class_name}(EndpointMethods[StoryT, MediaT, FileT]):\n"
        f'    """{summary} ``docs/migration.md`` has the value tables."""\n\n'
        f"{methods}"
    )
    return f'{BANNER}\n"""{summary}"""\n\n' + formatted(code, WIDTH)


def has_word(word: str, text: str) -> bool:
    return any(f"{before}{word}{after}" in text for before in " [(" for after in " ,(\n")


def endpoint(spec: Spec, call: Call) -> str:
    """The constant that defines how a call is sent."""
    fields = {
        "files": [field.name for field in call.fields if "array of file" in types_of(spec, field)],
        "repeated": [field.name for field in call.fields if types_of(spec, field) == {"array of string"}],
        "flags": [field.name for field in call.fields if "YesNo" in schemas_of(spec, field)],
    }
    arguments = [f'"{call.rules.v1}"']
    if call.kinds:
        arguments.append(f'body="{body_kind(call)}"')
    for name, members in fields.items():
        if members:
            arguments.append(f"{name}={source(tuple(sorted(members)))}")
    return f"{constant(call)} = Endpoint({', '.join(arguments)})"


def constant(call: Call) -> str:
    return f"_{call.name.upper()}"


def body_kind(call: Call) -> str:
    """The encoding of a call without files that is forwarded to v1."""
    for kind, name in BODY_KINDS:
        if kind in call.kinds:
            return name
    raise Failure(f"{call.rules.v1}: can't send any of {', '.join(call.kinds)}")


def schemas_of(spec: Spec, field: Field) -> set[str]:
    return set[str]().union(*(spec.names(schema) for schema in field.schemas))


def types_of(spec: Spec, field: Field) -> set[str]:
    return set[str]().union(*(spec.types(schema) for schema in field.schemas)) - {"null"}


def annotation(spec: Spec, field: Field) -> str:
    types = types_of(spec, field)
    if "YesNo" in schemas_of(spec, field):
        types |= {"boolean"}  # callers write True
    for required, name in ANNOTATIONS:
        if required <= types:
            return name
    raise Failure(f"{field.name}: no annotation for {', '.join(sorted(types))}")


def method(spec: Spec, call: Call) -> str:
    result, caller = RESULTS[call.rules.response_kind]
    parameters = ["self", *([f"{call.id}: Id"] if call.id else [])]
    if call.fields:
        keywords = [
            f"{field.name}: {annotation(spec, field)}" + ("" if field.required else " | None = None")
            for field in call.fields
        ]
        parameters += ["*", *keywords, ""]  # the trailing comma keeps one parameter on a line
    return (
        f"    def {call.name}({', '.join(parameters)}) -> {result}:\n"
        f"{docstring(call)}"
        f"        return self.{caller}({constant(call)}, locals())\n"
    )


def docstring(call: Call) -> str:
    """What the operation does, and how each field is translated."""
    description = " ".join(part.rstrip() for part in (without_v2(call.node["description"]), call.rules.note) if part)
    paid = PAID[call.rules.paid]
    if paid and not re.search("Paid[.]|paid", description):
        description = f"{description} {paid}"
    v2 = f"``{call.rules.v2}``" if call.rules.v2 else "has no such call"
    lines = [f'"""{call.node["summary"].rstrip(".")}.', "", *wrapped(f"v1: ``{call.rules.v1}``; v2: {v2}.", ""), ""]
    lines += wrapped(description, "")
    if call.fields:
        lines += ["", "Args:"]
        for field in call.fields:
            rule = call.rules.by_field[field.name]
            lines += wrapped(f"{field.name}: {field.meaning} {describe(rule, call.rules)}", "    ")
    lines.append('"""')
    return "".join(f"        {line}".rstrip() + "\n" for line in lines)


def wrapped(text: str, indent: str) -> list[str]:
    """A paragraph of a docstring, with a hanging indent if it is indented."""
    text = " ".join(text.replace("\\", "\\\\").split())
    return textwrap.wrap(
        text,
        WIDTH - 8,
        initial_indent=indent,
        subsequent_indent=indent * 2,
        break_long_words=False,
        break_on_hyphens=False,
    )
