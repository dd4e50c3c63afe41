"""The methods of CompatClient and AsyncCompatClient, as Python source: one function an operation of v1.

The text is emitted as ruff formats it (a test compares), so no formatter is needed to write it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from scripts._spec import COMMAND, FORM, JSON, MULTIPART, Call, Failure, Field, Spec, fate, without_v2

FOLDER = "compat/vimmerse/compat/client/methods"
WIDTH = 120
BANNER = (
    f"# Written by {COMMAND} from openapi/v1.yaml and compat/vimmerse/compat/rules/. Do not edit: change those,\n"
    f"# then run {COMMAND} again.\n"
)

#: The modules, what they are about, and which operations each has.
MODULES = (
    ("flows", "FlowMethods", "The one-call flows: a whole story from one request."),
    ("story", "StoryMethods", "The story's steps, and stories as they are."),
    ("media", "MediaMethods", "Media."),
)
ANSWERS = {
    "story": ("StoryT", "_story"),
    "media": ("MediaT", "_media"),
    "status": ("MediaT", "_media"),
    "bytes": ("FileT", "_file"),
}
PAID = {"always": "Paid.", "update": "Paid where a field that says so is given, else free.", "never": ""}


def files(spec: Spec, calls: Sequence[Call]) -> dict[str, str]:
    """The modules by path."""
    found = {f"{FOLDER}/__init__.py": f'{BANNER}\n"""One method an operation of v1."""\n'}
    for name, class_name, about in MODULES:
        chosen = [call for call in calls if module(call) == name]
        found[f"{FOLDER}/{name}.py"] = source(spec, class_name, about, chosen)
    return found


def module(call: Call) -> str:
    """The module that an operation is in."""
    if call.rules.path.startswith("/media"):
        return "media"
    return "flows" if call.rules.path.endswith("-2-video") else "story"


def source(spec: Spec, class_name: str, about: str, chosen: Sequence[Call]) -> str:
    """One module."""
    routes = "\n".join(route(spec, call) for call in chosen)
    methods = "\n".join(method(spec, call) for call in chosen)
    used = [name for name in ("Files", "Object", "Objects", "Route", "Texts") if word_in(name, routes + methods)]
    callers = ["Caller", "FileT", "MediaT", "StoryT", *(["Id"] if word_in("Id", methods) else [])]
    return (
        f'{BANNER}\n"""{about}"""\n\nfrom __future__ import annotations\n\n'
        f"from vimmerse.compat.client.bodies import {', '.join(used)}\n"
        f"from vimmerse.compat.client.caller import {', '.join(sorted(callers))}\n\n"
        f"{routes}\n\n\n"
        f"class {class_name}(Caller[StoryT, MediaT, FileT]):\n"
        f'    """{about} ``docs/migration.md`` has the value tables."""\n\n'
        f"{methods}"
    )


def word_in(word: str, text: str) -> bool:
    return any(f"{before}{word}{after}" in text for before in " [(" for after in " ,(\n")


def route(spec: Spec, call: Call) -> str:
    """The constant that says how a call is sent."""
    sets = {
        "files": [field.name for field in call.fields if "array of file" in types_of(spec, field)],
        "repeated": [field.name for field in call.fields if types_of(spec, field) == {"array of string"}],
        "flags": [field.name for field in call.fields if "YesNo" in names_of(spec, field)],
    }
    arguments = [f'"{call.rules.v1}"']
    if call.kinds:
        arguments.append(f'body="{body_kind(call)}"')
    arguments += [
        f"{name}=frozenset({{{', '.join(quoted(each) for each in sorted(chosen))}}})"
        for name, chosen in sets.items()
        if chosen
    ]
    line = f"_{call.name.upper()} = Route({', '.join(arguments)})"
    if len(line) <= WIDTH:
        return line
    return f"_{call.name.upper()} = Route(\n" + "".join(f"    {each},\n" for each in arguments) + ")"


def body_kind(call: Call) -> str:
    """How a call is sent that has no files and goes to v1."""
    for kind, name in ((FORM, "form"), (MULTIPART, "multipart"), (JSON, "json"), ("query", "query")):
        if kind in call.kinds:
            return name
    raise Failure(f"{call.rules.v1}: no way is known to send {', '.join(call.kinds)}")


def quoted(text: str) -> str:
    return f'"{text}"'


def names_of(spec: Spec, field: Field) -> set[str]:
    return set[str]().union(*(spec.names(schema) for schema in field.schemas))


def types_of(spec: Spec, field: Field) -> set[str]:
    return set[str]().union(*(spec.types(schema) for schema in field.schemas)) - {"null"}


#: Annotations by JSON types. Where an object may be given, its JSON text may be too.
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


def annotation(spec: Spec, field: Field) -> str:
    """The type of a field, as a person would write it."""
    types = types_of(spec, field)
    if "YesNo" in names_of(spec, field):
        types |= {"boolean"}  # a person would write True
    for needed, name in ANNOTATIONS:
        if needed <= types:
            return name
    raise Failure(f"{field.name}: no annotation is known for {', '.join(sorted(types))}")


def method(spec: Spec, call: Call) -> str:
    """One method."""
    answer, caller = ANSWERS[call.rules.response_kind]
    position = [f"{call.id}: Id"] if call.id else []
    keywords = [
        f"{field.name}: {annotation(spec, field)}" + ("" if field.required else " | None = None")
        for field in call.fields
    ]
    if keywords:
        lines = "".join(f"        {each},\n" for each in ["self", *position, "*", *keywords])
        head = f"    def {call.name}(\n{lines}    ) -> {answer}:\n"
    else:
        head = f"    def {call.name}({', '.join(['self', *position])}) -> {answer}:\n"
    constant = f"_{call.name.upper()}"
    ending = [call.id] if call.id else []
    if call.fields:
        pairs = [f'"{field.name}": {field.name}' for field in call.fields]
        flat = f"        return self.{caller}({', '.join([constant, '{' + ', '.join(pairs) + '}', *ending])})\n"
        if len(flat) <= WIDTH:
            body = flat
        else:
            inner = "{\n" + "".join(f"                {pair},\n" for pair in pairs) + "            }"
            body = f"        return self.{caller}(\n"
            body += "".join(f"            {each},\n" for each in [constant, inner, *ending])
            body += "        )\n"
    else:
        body = f"        return self.{caller}({', '.join([constant, '{}', *ending])})\n"
    return head + docstring(call) + body


def docstring(call: Call) -> str:
    """What the operation does, and what becomes of each field."""
    summary = call.node["summary"].rstrip(".")
    about = [without_v2(call.node["description"]), call.rules.note]
    said = " ".join(each.rstrip() for each in about if each)
    paid = PAID[call.rules.paid]
    if paid and "Paid." not in said and "paid" not in said:
        said = f"{said} {paid}"
    lines = [f'"""{summary}.', "", *wrapped(f"v1: ``{call.rules.v1}``; v2: {v2_name(call)}.", ""), ""]
    lines += wrapped(said, "")
    if call.fields:
        lines += ["", "Args:"]
        for field in call.fields:
            text = f"{field.name}: {field.meaning} {fate(call.rules.by_field[field.name], call.rules)}"
            lines += wrapped(text, "    ")
    lines.append('"""')
    return "".join(f"        {line}".rstrip() + "\n" for line in lines)


def v2_name(call: Call) -> str:
    return f"``{call.rules.v2}``" if call.rules.v2 else "has no such call"


def wrapped(text: str, indent: str) -> list[str]:
    """A paragraph of a docstring; the lines after the first are indented further where it is one of a list."""
    text = " ".join(text.replace("\\", "\\\\").split())
    return textwrap.wrap(
        text,
        WIDTH - 8,
        initial_indent=indent,
        subsequent_indent=indent * 2,
        break_long_words=False,
        break_on_hyphens=False,
    )
