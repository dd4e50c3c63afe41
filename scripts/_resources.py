"""The resources of a client: what openapi/v2.yaml says of ``vimmerse.v2.Vimmerse``, before it is written as source.

A tag is a resource (``story``: ``client.stories``), an operation one of its methods (``get_story``: ``get``), a field
of its body a keyword argument. ``x-resource``, ``x-method`` and ``x-next`` in the specification say what does not
follow from its names; openapi/README.md describes them. ``_resources_source.py`` writes the source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scripts._facts import deprecated_fields

Node = dict[str, Any]

HTTP_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
PRIMITIVES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
OBJECT = "Mapping[str, Any]"
OPTIONS = ("timeout", "max_retries", "retry_refused", "extra_headers", "extra_body")  # the keys of RequestOptions
FILE_ARGUMENTS = ("file_name", "mime_type")
#: What the code of a method uses: an argument of such a name gets an underscore.
TAKEN = {*OPTIONS, "api", "cast", "file", "id_of", "models", "open_file", "operation", "options", "self"}


class Failure(Exception):
    """The specification can't become resources; the message says why and what to do."""


@dataclass(frozen=True)
class Argument:
    """An argument of a method."""

    name: str
    annotation: str
    meaning: str
    value: str  # what goes into the request: an expression
    target: str  # the argument that takes it: of the model of the body, or of the request
    required: bool = False


@dataclass(frozen=True)
class Method:
    """An operation as a method of its resource."""

    name: str
    key: str  # POST /v2/story
    node: Node
    module: str  # of the operation, in the client's package
    ids: Sequence[Argument]
    query: Sequence[Argument]
    fields: Sequence[Argument]
    file: Argument | None
    body: str  # its model, or empty
    result: str  # the model of the response
    selector: tuple[str, str] | None  # an argument, and the model of the response where it is given
    deprecated: Sequence[tuple[str, tuple[str, ...], str]]  # fields: the argument, the path in it, the warning

    @property
    def arguments(self) -> Sequence[Argument]:
        return [*self.ids, *([self.file] if self.file else []), *self.query, *self.fields]


@dataclass(frozen=True)
class Resource:
    """A tag as an attribute of the client."""

    name: str
    class_name: str
    description: str
    methods: Sequence[Method]


class Spec:
    """One specification."""

    def __init__(self, root: Node, attribute: Callable[[str], str]) -> None:
        self._root = root
        self._attribute = attribute
        self._deprecated = deprecated_fields(root)
        self._calls: dict[str, str] = {}  # POST /v2/story/idea-2-video: client.stories.create
        self.schemas: dict[str, Node] = (root.get("components") or {}).get("schemas") or {}

    def resolve(self, node: Node) -> Node:
        """The target of a local reference, with what stands beside the reference."""
        while "$ref" in node:
            target: Any = self._root
            for key in node["$ref"].removeprefix("#/").split("/"):
                target = target[key]
            node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
        return node

    def resources(self) -> list[Resource]:
        """The resources, in the order of the tags.

        Raises:
            Failure: two operations would be one method, or something has no place in a method.
        """
        tags = {tag["name"]: tag for tag in self._root.get("tags") or []}
        by_tag: dict[str, list[Method]] = {}
        for key, item, node in self._operations():
            tag = (node.get("tags") or ["default"])[0]
            by_tag.setdefault(tag, []).append(self._method(key, item, node, tag))
        resources: dict[str, Resource] = {}
        for tag, methods in by_tag.items():
            node = tags.get(tag, {})
            name = self._stated(node, "x-resource", f"the tag {tag}") or self._attribute(_plural(tag))
            seen: dict[str, str] = {"with_raw_response": "the resource's own attribute"}
            for method in methods:
                if method.name in seen:
                    other = seen[method.name]
                    raise Failure(f"{method.key}: client.{name}.{method.name} is {other}; give it another x-method")
                seen[method.name] = method.key
            if name in resources:
                raise Failure(f"the tag {tag}: client.{name} is another tag; give it another x-resource")
            self._calls |= {method.key: f"client.{name}.{method.name}" for method in methods}
            resources[name] = Resource(name, f"{_pascal(name)}Resource", node.get("description", ""), methods)
        return list(resources.values())

    def _stated(self, node: Node, word: str, where: str) -> str | None:
        """A name that the specification states, which must be Python's."""
        name = node.get(word)
        if name is None or (isinstance(name, str) and name.isidentifier() and name == self._attribute(name)):
            return name
        raise Failure(f"{where}: {word} is {name!r}; write a name in Python, in snake_case")

    def _selector(self, key: str, parameter: Node) -> tuple[str, str]:
        """A parameter that decides which model a response is, and this model."""
        if parameter["x-response"] not in self.schemas:
            raise Failure(
                f"{key}: x-response of {parameter['name']} is {parameter['x-response']!r}, which is no schema"
            )
        return self._name(parameter["name"]), parameter["x-response"]

    def _operations(self) -> Iterator[tuple[str, Node, Node]]:
        for path, item in (self._root.get("paths") or {}).items():
            for method in HTTP_METHODS:
                if method in item:
                    yield f"{method.upper()} {path}", item, item[method]

    def _method(self, key: str, item: Node, node: Node, tag: str) -> Method:
        identifier = node["operationId"]
        words = [word for word in identifier.split("_") if word != tag]
        name = self._stated(node, "x-method", key) or self._attribute("_".join(words) or identifier)
        parameters = [self.resolve(each) for each in [*(item.get("parameters") or []), *(node.get("parameters") or [])]]
        content = self.resolve(node.get("requestBody") or {}).get("content") or {}
        if len(content) > 1:
            raise Failure(f"{key}: a method sends one content type, and the body has {', '.join(content)}")
        body, fields, file = "", [], None
        for kind, media in content.items():
            body = next(self.references(media["schema"]), "")
            if not body:
                raise Failure(f"{key}: the body is no schema of its own; refer to one by $ref")
            fields = self._fields(key, self.schemas[body])
            if kind == "multipart/form-data":
                fields, file = [], self._file(key, self.schemas[body])
        method = Method(
            name=name,
            key=key,
            node=node,
            module=f"api.{self._attribute(tag)}.{self._attribute(identifier)}",
            ids=[self._id(each) for each in parameters if each["in"] == "path"],
            query=[self._query(each) for each in parameters if each["in"] == "query"],
            fields=sorted(fields, key=lambda each: not each.required),
            file=file,
            body=body,
            result=self._result(key, node),
            selector=next((self._selector(key, each) for each in parameters if "x-response" in each), None),
            deprecated=[
                (self._name(outer), tuple(inner.split(".")) if inner else (), text)
                for field, text in self._deprecated.get(key, {}).items()
                for outer, _, inner in [field.partition(".")]
            ],
        )
        names = [each.name for each in method.arguments]
        for each in names:
            if names.count(each) > 1:
                raise Failure(f"{key}: client.….{name} would have two arguments {each}")
        return method

    def _result(self, key: str, node: Node) -> str:
        successes = [each for status, each in node["responses"].items() if str(status).startswith("2")]
        for kind, media in (self.resolve(successes[0]).get("content") or {}).items():
            if kind != "application/json":
                return "File"
            if model := next(self.references(media["schema"]), ""):
                return model
        raise Failure(f"{key}: the success is no schema of its own; refer to one by $ref")

    def _id(self, parameter: Node) -> Argument:
        name = parameter["name"]
        model = _pascal(name.removesuffix("_id"))
        meaning = " ".join(parameter.get("description", "").split())
        if model not in self.schemas:
            return Argument(self._name(name), "str", meaning, f'id_of("{name}", {self._name(name)})', name, True)
        value = f'id_of("{name}", {self._name(name)}, models.{model})'
        meaning = f"{meaning.rstrip('.')}, or the {model} itself."
        return Argument(self._name(name), f"str | {model}", meaning, value, name, True)

    def _query(self, parameter: Node) -> Argument:
        schema = {"description": parameter.get("description", ""), **parameter["schema"]}
        return self._argument(parameter["name"], schema, bool(parameter.get("required")))

    def _fields(self, key: str, schema: Node) -> list[Argument]:
        required = schema.get("required") or []
        return [
            self._argument(name, node, name in required)
            for name, node in schema["properties"].items()
            if node.get("format") != "binary"
        ]

    def _argument(self, field: str, schema: Node, required: bool) -> Argument:
        name = self._name(field)
        annotation = self.annotation(schema, optional=not required)
        # Models accept dicts and tuples, too, but their types don't say so.
        value = f"cast(Any, {name})" if re.search("Params|Sequence|tuple", annotation) else name
        return Argument(name, annotation, self._meaning(schema), value, self._attribute(field), required)

    def _file(self, key: str, schema: Node) -> Argument:
        names = list(schema["properties"])
        if len(names) != 1 or schema["properties"][names[0]].get("format") != "binary":
            raise Failure(f"{key}: a method sends one file and no other field, and the form has {', '.join(names)}")
        name = self._name(names[0]).removesuffix("_file")
        meaning = self._meaning(schema["properties"][names[0]])
        return Argument(name, "FileInput", meaning, "file", self._attribute(names[0]), True)

    def _name(self, field: str) -> str:
        name = self._attribute(field)
        return f"{name}_" if name in TAKEN else name

    def annotation(self, schema: Node, *, optional: bool = False) -> str:
        """The type of a value that a caller passes: a nested object may be a model or a dict."""
        parts = list(dict.fromkeys(self._parts(schema)))
        if optional and "None" not in parts:
            parts.append("None")
        return " | ".join(parts)

    def _parts(self, schema: Node) -> Iterator[str]:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            if "enum" in self.schemas[name]:
                yield name
            elif self.schemas[name].get("properties"):
                yield from (name, f"{name}Params")
            else:
                yield from self._parts(self.schemas[name])
        elif "anyOf" in schema:
            for part in schema["anyOf"]:
                yield from self._parts(part)
        elif schema.get("type") == "array":
            item = self.annotation(schema["items"])
            if "str" in item.split(" | "):  # text is a sequence of texts
                yield from (f"list[{item}]", f"tuple[{item}, ...]")
            else:
                yield f"Sequence[{item}]"
        else:
            kinds = schema.get("type", "object")
            for kind in kinds if isinstance(kinds, list) else [kinds]:
                yield PRIMITIVES.get(kind, OBJECT)

    def _meaning(self, schema: Node) -> str:
        """The description of a value, with the values and keys that are known."""
        text = (self.resolve(schema).get("description") or "").strip()
        for name in self.references(schema):
            target = self.schemas[name]
            if "enum" in target:
                text += f" Known values: {', '.join(target['enum'])}."
            elif target.get("properties"):
                text += f" Keys of {name}: {', '.join(target['properties'])}."
        return " ".join(text.split())

    def references(self, schema: Any) -> Iterator[str]:
        """The names of the schemas that a schema refers to."""
        if isinstance(schema, dict):
            if "$ref" in schema:
                yield schema["$ref"].rpartition("/")[2]
            for part in (schema.get("items"), *(schema.get("anyOf") or [])):
                yield from self.references(part)

    def in_methods(self, text: str) -> str:
        """A text that names each operation by its method, where the specification has "`GET /v2/...`"."""
        return re.sub("`([A-Z]+ /[^`]*)`", lambda match: f"`{self._calls.get(match[1], match[1])}`", text)

    def params(self, resources: Sequence[Resource]) -> dict[str, Node]:
        """The schemas of the objects that requests contain, by name, sorted."""
        found: dict[str, Node] = {}
        bodies = {method.body for resource in resources for method in resource.methods if method.body}
        pending = [node for body in bodies for node in self.schemas[body]["properties"].values()]
        while pending:
            for name in self.references(pending.pop()):
                if name not in found and self.schemas[name].get("properties"):
                    found[name] = self.schemas[name]
                    pending += self.schemas[name]["properties"].values()
        return dict(sorted(found.items()))

    def fields_of(self, schema: Node) -> Iterator[tuple[str, str, str]]:
        """The fields of a dict: key, type and meaning."""
        required = schema.get("required") or []
        for key, node in schema["properties"].items():
            annotation = self.annotation(node, optional=key not in required)
            yield key, f"Required[{annotation}]" if key in required else annotation, self._meaning(node)


def _plural(word: str) -> str:
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def _pascal(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))
