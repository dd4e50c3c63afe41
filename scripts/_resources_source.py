"""The resources of a client as Python source; ``_resources.py`` says what they are.

This is no template of the generator: texts are wrapped, and imports are those of the names that the code uses, which
takes functions.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from keyword import iskeyword

from scripts._resources import FILE_ARGUMENTS, OPTIONS, Argument, Method, Node, Resource, Spec

WIDTH = 100
#: What each status raises (vimmerse._http.errors).
ERRORS = {
    "400": "BadRequestError",
    "401": "AuthenticationError",
    "402": "InsufficientCreditError",
    "403": "AuthenticationError",
    "404": "NotFoundError",
    "422": "ValidationError",
    "429": "RateLimitError",
}
BASE = "vimmerse._resources.base"
ARGUMENTS = "vimmerse._resources.arguments"
DEPRECATIONS = "vimmerse._http.deprecations"
#: Where a name comes from that the code of a module uses.
AT_RUNTIME = {
    **dict.fromkeys(("TYPE_CHECKING", "Any", "Final", "Required", "TypedDict", "Unpack", "cast", "overload"), "typing"),
    **dict.fromkeys(("AsyncResource", "Resource", "raw", "raw_async", "send_raw", "send_raw_async"), BASE),
    **dict.fromkeys(("id_of", "open_file"), ARGUMENTS),
    "cached_property": "functools",
    **dict.fromkeys(("deprecated", "deprecated_arguments"), DEPRECATIONS),
    "api": "..",
    "models": "..",
}
IN_ANNOTATIONS = {
    **dict.fromkeys(("Mapping", "Sequence"), "collections.abc"),
    "File": "..types",
    "FileInput": ARGUMENTS,
    "RequestOptions": "..types",
}


def files(spec: Spec, deprecated: Callable[[Method], str | None]) -> dict[str, str]:
    """The text of each file, by its path in the client's package.

    ``deprecated``: the warning of an operation, or None.
    """
    resources = spec.resources()
    texts = {f"resources/{each.name}.py": resource_module(spec, each, deprecated) for each in resources}
    texts["resources/__init__.py"] = package(resources)
    texts["resources/client.py"] = client_module(resources)
    texts["params.py"] = params_module(spec, resources)
    return texts


def package(resources: Sequence[Resource]) -> str:
    names = {"AsyncVimmerse": "client", "Vimmerse": "client"}
    for each in resources:
        names |= dict.fromkeys((each.class_name, f"Async{each.class_name}"), each.name)
    names = dict(sorted(names.items()))
    imports = "".join(f"    from .{module} import {name} as {name}\n" for name, module in names.items())
    return f'''"""``Vimmerse`` and ``AsyncVimmerse``: the operations as methods of resources. Loaded on first use."""

from vimmerse._http.lazy import lazy_exports

# Type checkers treat it like typing's; importing typing would cost more than all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
{imports}else:
    __getattr__, __dir__ = lazy_exports(globals(), {names!r})

__all__ = {tuple(names)!r}
'''


def client_module(resources: Sequence[Resource]) -> str:
    classes = [
        f"class {prefix}Vimmerse({prefix}ResourceClient):\n"
        f"    __doc__ = {prefix}ResourceClient.__doc__\n\n"
        + "\n".join(
            f"    @cached_property\n"
            f"    def {each.name}(self) -> {prefix}{each.class_name}:\n"
            f"{docstring([each.description or f'The operations of client.{each.name}.'], 8, WIDTH - 8)}"
            f"        from .{each.name} import {prefix}{each.class_name}\n\n"
            f"        return {prefix}{each.class_name}(self)\n"
            for each in resources
        )
        for prefix in ("", "Async")
    ]
    imports = "\n".join(
        f"    from .{each.name} import Async{each.class_name}, {each.class_name}"
        for each in sorted(resources, key=lambda each: each.name)
    )
    return f'''"""The clients with resources. Each resource is loaded on first use."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from vimmerse._resources.client import AsyncResourceClient, ResourceClient

if TYPE_CHECKING:
{imports}


{classes[0]}

{classes[1]}'''


def resource_module(spec: Spec, resource: Resource, deprecated: Callable[[Method], str | None]) -> str:
    warnings = {each.name: text for each in resource.methods if (text := deprecated(each))}
    classes = []
    for prefix, suffix in (("", ""), ("Async", "_async")):
        name = f"{prefix}{resource.class_name}"
        methods = "\n".join(method(spec, each, prefix, warnings.get(each.name)) for each in resource.methods)
        raw = "".join(
            f"        self.{each.name}: Final = raw{suffix}(resource.{each.name})\n" for each in resource.methods
        )
        classes.append(
            f"class {name}({prefix}Resource):\n"
            f"{docstring([resource.description or f'The operations of client.{resource.name}.'], 4)}\n"
            f"    @cached_property\n"
            f"    def with_raw_response(self) -> {name}WithRawResponse:\n"
            f'        """The same methods, which return a ``Response``: status, headers, the model as ``parsed``."""\n'
            f"        return {name}WithRawResponse({name}(self._client, send_raw{suffix}))\n\n"
            f"{methods}\n\n"
            f"class {name}WithRawResponse:\n"
            f'    """The methods of :class:`{name}`, which return a ``Response``."""\n\n'
            f"    def __init__(self, resource: {name}) -> None:\n{raw}"
        )
    return module(spec, f"``client.{resource.name}``.", "\n\n".join(classes), package="..")


def params_module(spec: Spec, resources: Sequence[Resource]) -> str:
    params = spec.params(resources)
    classes = []
    for name, schema in params.items():
        keys = list(spec.fields_of(schema))
        fields = "".join(f"    {key}: {annotation}\n" for key, annotation, _ in keys)
        text = [
            schema.get("description") or f"A {name} as a dict.",
            section("Keys", [f"{key}: {meaning}" for key, _, meaning in keys]),
        ]
        if all(key.isidentifier() and not iskeyword(key) for key, _, _ in keys):
            classes.append(f"class {name}Params(TypedDict, total=False):\n{docstring(text, 4)}\n{fields}")
        else:
            table = ", ".join(f"{key!r}: {annotation!r}" for key, annotation, _ in keys)
            code = f'{name}Params = TypedDict("{name}Params", {{{table}}}, total=False)'
            classes.append(f"{code}\n{docstring(text, 0)}")
    title = "The dicts that may be passed instead of models, as in ``audio_option={'narrator': 'Rachel'}``."
    names = tuple(f"{name}Params" for name in params)
    return module(spec, title, "\n\n".join(classes) + f"\n\n__all__ = {names!r}\n", package=".")


def module(spec: Spec, title: str, code: str, *, package: str) -> str:
    """A module with the imports of the names that its code uses. ``package``: the client's, from this module on."""
    used = set(re.findall(r"(?<![.\w])\w+", re.sub(r'""".*?"""', "", code, flags=re.DOTALL)))
    used -= set(re.findall(r"^class (\w+)", code, flags=re.MULTILINE))
    annotations = IN_ANNOTATIONS | dict.fromkeys(spec.schemas, f"{package}models")
    annotations |= dict.fromkeys((f"{name}Params" for name in spec.schemas), f"{package}params")
    runtime = imports(AT_RUNTIME, used | {"TYPE_CHECKING"})
    typing = textwrap.indent(imports(annotations, used) or "pass\n", "    ", lambda line: line != "\n")
    return f'"""{title}"""\n\nfrom __future__ import annotations\n\n{runtime}\nif TYPE_CHECKING:\n{typing}\n\n{code}'


def imports(sources: dict[str, str], used: set[str]) -> str:
    """The imports of the names that are used: of the standard library, of this distribution, of the client."""
    names: dict[str, list[str]] = {}
    for name in sorted(used & sources.keys(), key=lambda name: (not name.isupper(), name)):
        names.setdefault(sources[name], []).append(name)
    lines = {each: f"from {each} import {', '.join(names[each])}\n" for each in sorted(names)}
    groups = [
        [line for each, line in lines.items() if not each.startswith((".", "vimmerse"))],
        [line for each, line in lines.items() if each.startswith("vimmerse")],
        [line for each, line in lines.items() if each.startswith(".")],
    ]
    return "\n".join("".join(group) for group in groups if group)


def method(spec: Spec, each: Method, prefix: str, warning: str | None) -> str:
    positional = [*each.ids, *([each.file] if each.file else [])]
    keywords = [declaration(argument) for argument in [*each.query, *each.fields]]
    if each.file:
        keywords += [f"{name}: str | None = None" for name in FILE_ARGUMENTS]
    parameters = ["self", *map(declaration, positional), *(["*", *keywords] if keywords else [])]
    decorator = f"@deprecated({warning!r})\n" if warning else ""
    checked = "".join(f"({name!r}, {path!r}, {text!r}), " for name, path, text in each.deprecated)
    implementation = decorator + (f"@deprecated_arguments({checked})\n" if checked else "")
    text = docstring(map(spec.in_methods, documentation(spec, each, warning)), 4, WIDTH - 8)
    definition = "async def" if prefix else "def"
    code = ""
    result = each.result
    if each.selector:
        argument, partial = each.selector
        for required, model in ((None, each.result), (argument, partial)):
            chosen = [overloaded(parameter, argument, required) for parameter in parameters]
            code += f"@overload\n{decorator}{definition} {each.name}({signature(chosen)}) -> {model}: ...\n"
        result = f"{each.result} | {partial}"
    code += (
        f"{implementation}{definition} {each.name}({signature(parameters)}) -> {result}:\n{text}{body(each, prefix)}"
    )
    return textwrap.indent(code, "    ", lambda line: bool(line.strip()))


def signature(parameters: Sequence[str]) -> str:
    return ", ".join([*parameters, "**options: Unpack[RequestOptions]", ""])


def overloaded(parameter: str, argument: str, required: str | None) -> str:
    """A parameter of an overload: ``argument`` is None in one, and not in the other."""
    if not parameter.startswith(f"{argument}: "):
        return parameter
    return parameter.replace(" | None = None", "") if required else f"{argument}: None = None"


def declaration(argument: Argument) -> str:
    return f"{argument.name}: {argument.annotation}" + ("" if argument.required else " = None")


def body(each: Method, prefix: str) -> str:
    """The code of a method: make the request, and send it."""
    arguments = [f"{argument.target}={argument.value}" for argument in [*each.ids, *each.query]]
    if each.body:
        fields = [*each.fields, *([each.file] if each.file else [])]
        values = ", ".join(f"{argument.target}={argument.value}" for argument in fields)
        arguments.append(f"body=models.{each.body}({values})")
    operation = f"{each.module}._OPERATION"
    if each.selector:
        argument, partial = each.selector
        operation += f".returning(models.{each.result} if {argument} is None else models.{partial})"
    send = "return await self._send" if prefix else "return self._send"
    code = f"{send}({operation}, {each.module}._get_kwargs({', '.join(arguments)}), options)\n"
    if each.file:
        opened = f'open_file("{each.file.name}", {each.file.name}, {", ".join(FILE_ARGUMENTS)})'
        code = f"with {opened} as file:\n    {code}"
    return textwrap.indent(code, "    ")


def documentation(spec: Spec, each: Method, warning: str | None) -> Iterator[str]:
    """The paragraphs of a method's docstring."""
    yield f"{(each.node.get('summary') or each.name).rstrip('.')}."
    if description := each.node.get("description"):
        yield description
    if warning:
        yield f"Each call gives a DeprecationWarning: {warning}."
    if any(not argument.required for argument in each.arguments):
        yield "An argument that is None is not sent: the service uses its default, or leaves the value as it is."
    listed = [f"{argument.name}: {argument.meaning}" for argument in each.arguments]
    if each.file:
        listed.append("file_name: The name that is sent; by default that of the file, or `upload`.")
        listed.append("mime_type: Such as image/png; by default what the name suggests.")
    listed.append(f"options: For this call: {', '.join(OPTIONS)}; see :class:`vimmerse.v2.types.RequestOptions`.")
    yield section("Args", listed)
    success, failures = responses(spec, each.node)
    model = f"{each.result}, or {each.selector[1]} with `{each.selector[0]}`" if each.selector else each.result
    yield section("Returns", [f"{model}: {success} {each.node.get('x-next', '')}"])
    listed = [f"{error}: {text}" for error, text in failures.items()]
    listed.append("ApiError: Any other refusal. It is the base of these, and has `status`, `code` and `message`.")
    unknown = "." if each.key.startswith("GET") else "; the service may have carried out the call."
    listed.append(f"httpx.TransportError: There was no response{unknown}")
    listed.append("TypeError, ValueError: An argument is not usable; nothing was sent.")
    if each.file:
        listed.append("OSError: The file can't be read; nothing was sent.")
    yield section("Raises", listed)


def responses(spec: Spec, node: Node) -> tuple[str, dict[str, str]]:
    """The description of the success, and of each error by its class."""
    success = ""
    failures: dict[str, str] = {}
    for status, response in node["responses"].items():
        text = spec.resolve(response).get("description", "")
        if str(status).startswith("2"):
            success = success or text
        elif error := ERRORS.get(str(status)):
            sentence = " ".join(text.split()).partition(". ")[0].rstrip(".") + "."
            failures[error] = f"{failures[error]} {sentence}" if error in failures else sentence
    return success, failures


def section(title: str, entries: Iterable[str]) -> str:
    """A section of a docstring: one entry for each argument, for example."""
    return "\n".join([f"{title}:", *(f"    {' '.join(each.split())}" for each in entries)])


def docstring(paragraphs: Iterable[str], indent: int, width: int = WIDTH - 4) -> str:
    """A docstring of paragraphs and sections, wrapped."""
    blocks = []
    for paragraph in paragraphs:
        is_section = "\n    " in paragraph
        lines = paragraph.split("\n") if is_section else [" ".join(paragraph.split())]
        wrapped = (
            textwrap.fill(
                line.strip(),
                width,
                initial_indent="    " if line.startswith("    ") else "",
                subsequent_indent="        " if is_section else "",
                break_long_words=False,
                break_on_hyphens=False,
            )
            for line in lines
        )
        blocks.append("\n".join(wrapped))
    text = "\n\n".join(blocks).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    fits = "\n" not in text and len(text) + 6 <= width and not text.endswith('"')
    quoted = f'"""{text}"""\n' if fits else f'"""{text}\n"""\n'
    return textwrap.indent(quoted, " " * indent, lambda line: bool(line.strip()))
