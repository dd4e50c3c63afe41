"""The conventions of the specs, as rules. openapi/README.md gives the reasons.

A rule takes a spec and yields a sentence for each violation, which names the place and what to do. checks/test_rules.py
breaks each rule once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from tests.specs.spec import (
    FORMS,
    Node,
    closed,
    every_schema,
    operations,
    problems,
    properties,
    reference_name,
    request_media,
    request_schemas,
    resolve,
    response_media,
    response_schemas,
    subschemas,
    text_problems,
)

PROVENANCES = ("documented", "published", "inferred")
# Names that the generated code uses itself.
RESERVED_PROPERTIES = {"to_dict", "from_dict", "to_multipart", "additional_properties", "field", "property"}
RESERVED_QUERY = {"client", "body", "options", "query"}

Rule = Callable[[Node], Iterator[str]]


def provenance(spec: Node) -> Iterator[str]:
    places = [*((operation.key, operation.node) for operation in operations(spec)), *properties(spec)]
    for operation in operations(spec):
        places += [(f"{operation.key}, parameter {each['name']}", each) for each in operation.parameters]
    for where, node in places:
        if node.get("x-provenance") not in PROVENANCES:
            yield f"{where}: add x-provenance, one of {', '.join(PROVENANCES)}"


def description(spec: Node) -> Iterator[str]:
    for operation in operations(spec):
        if not operation.node.get("summary"):
            yield f"{operation.key}: add a summary"
        for each in operation.parameters:
            if not each.get("description"):
                yield f"{operation.key}, parameter {each['name']}: add a description"
    for where, node in properties(spec):
        if not node.get("description"):
            yield f"{where}: add a description"


def operation_names(spec: Node) -> Iterator[str]:
    """Of two operations with the same name, the second would overwrite the first without an error."""
    names = Counter(operation.node.get("operationId", "") for operation in operations(spec))
    for name, count in names.items():
        if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
            yield f"operationId {name!r}: write it in snake_case"
        if count > 1:
            yield f"operationId {name!r} is used {count} times: give each operation its own"


def one_tag(spec: Node) -> Iterator[str]:
    declared = {tag["name"] for tag in spec.get("tags", ())}
    for operation in operations(spec):
        tags = operation.node.get("tags", [])
        if len(tags) != 1 or tags[0] not in declared:
            yield f"{operation.key}: give it exactly one tag, of those declared ({', '.join(sorted(declared))})"


def security(spec: Node) -> Iterator[str]:
    """The generator ignores global security."""
    for operation in operations(spec):
        if "security" not in operation.node:
            yield f"{operation.key}: add security to the operation"


def path_parameters(spec: Node) -> Iterator[str]:
    """If one is missing, the generator drops the operation."""
    for operation in operations(spec):
        declared = {each["name"] for each in operation.parameters if each["in"] == "path"}
        for name in set(re.findall(r"\{([^}]*)\}", operation.path)) ^ declared:
            yield f"{operation.key}: path parameter {name} must be both in the path and declared"


def no_default(spec: Node) -> Iterator[str]:
    """A default would be sent with every call, and an empty edit would become a paid generation.

    In a response, an empty text is what a required field is read as if it is missing.
    """
    responses = {where for where, _ in response_schemas(spec)}
    for where, schema in every_schema(spec):
        if "default" in schema and not (where in responses and schema["default"] == ""):
            yield f"{where}: state it as x-default instead"


def stated_defaults(spec: Node) -> Iterator[str]:
    """What the service uses if a field is omitted: an update changes nothing then, and nobody omits a response's."""
    requests = {where for where, _ in request_schemas(spec)}
    for where, schema in response_schemas(spec):
        for name, each in schema.get("properties", {}).items():
            if "x-default" in each and where not in requests:
                yield f"{where}, property {name}: remove x-default, which is for requests"
    for operation in operations(spec):
        for _, media in request_media(spec, operation) if operation.key.startswith("PUT ") else ():
            for name, each in resolve(spec, media["schema"]).get("properties", {}).items():
                if "x-default" in each:
                    yield f"{operation.key}, property {name}: remove x-default: an update that omits it changes nothing"


def successors_exist(spec: Node) -> Iterator[str]:
    """A warning names what to use instead."""
    known = {where.rpartition(", property ")[2] for where, _ in properties(spec)}
    for where, node in properties(spec):
        successor = node.get("x-replaced-by")
        if successor is not None and str(successor).rpartition(".")[2] not in known:
            yield f"{where}: x-replaced-by is {successor!r}, which is no field; correct it, or use null for none"


def required_in_responses(spec: Node) -> Iterator[str]:
    """A response without a required field is an error, which may cost the caller a job that was paid."""
    for where, schema in response_schemas(spec):
        for name in schema.get("required", ()):
            if name != "id" and schema["properties"][name].get("default") != "":
                yield f'{where}: remove {name} from required, or give it `default: ""`: any key may be missing'


def open_objects(spec: Node) -> Iterator[str]:
    for where, schema in every_schema(spec):
        if schema.get("additionalProperties") is False or schema.get("unevaluatedProperties") is False:
            yield f"{where}: leave it open, the server may add fields"


def nullable_responses(spec: Node) -> Iterator[str]:
    """Any key may be null in a response."""
    for where, schema in response_schemas(spec):
        for name, each in schema.get("properties", {}).items():
            options = each.get("anyOf", [each])
            inner = [resolve(spec, option) for option in options]
            structured = any(option.get("type") in ("object", "array") or "enum" in option for option in inner)
            if structured and each.get("default") != "" and not any(option.get("type") == "null" for option in options):
                yield f'{where}, property {name}: make it anyOf [..., {{type: "null"}}]'


def open_enums(spec: Node) -> Iterator[str]:
    """A closed enum raises on a value that the server adds."""
    enums = {name for name, schema in spec["components"]["schemas"].items() if "enum" in schema}
    for where, schema in every_schema(spec):
        if "enum" in schema:
            if where.removeprefix("schema ") not in enums:
                yield f"{where}: move the enum to components/schemas and refer to it"
            if schema.get("type") != "string" or None in schema["enum"]:
                yield f"{where}: an enum has text alone; put null beside it in an anyOf"
        options = schema.get("anyOf", ())
        if any(reference_name(each) in enums for each in options) and {"type": "string"} not in options:
            yield f"{where}: add {{type: string}} beside the enum, so that new values pass"
        if reference_name(schema) in enums and not re.search(r"/anyOf/\d+$", where):
            yield f"{where}: make it anyOf [this enum, {{type: string}}], so that new values pass"


def no_collisions(spec: Node) -> Iterator[str]:
    """Names that become the same class or file crash the generator, or overwrite each other."""
    groups = {"schemas": list(spec["components"]["schemas"])}
    for name, schema in spec["components"]["schemas"].items():
        if "enum" in schema:
            groups[f"values of {name}"] = [str(value) for value in schema["enum"]]
    for where, names in groups.items():
        same: dict[str, list[str]] = {}
        for name in names:
            same.setdefault(re.sub(r"[^0-9A-Za-z]", "", name).casefold(), []).append(name)
        for clash in same.values():
            if len(clash) > 1:
                yield f"{where}: {' and '.join(clash)} collide, rename all but one"


def schema_names(spec: Node) -> Iterator[str]:
    for name in spec["components"]["schemas"]:
        if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name):
            yield f"schema {name}: write its name in PascalCase"


def plain_text(spec: Node) -> Iterator[str]:
    """Formats such as ``date-time`` change the text in a round trip, and raise on an empty one."""
    for where, schema in every_schema(spec):
        if schema.get("format", "binary") != "binary":
            yield f"{where}: remove the format, {schema['format']} would change or reject the server's text"


def reserved_names(spec: Node) -> Iterator[str]:
    for where, schema in every_schema(spec):
        for name in RESERVED_PROPERTIES & set(schema.get("properties", ())):
            yield f"{where}: property {name} collides with the generated model's own name"
    for operation in operations(spec):
        for each in operation.parameters:
            if each["name"] in RESERVED_QUERY:
                yield f"{operation.key}: parameter {each['name']} collides with the generated function's own name"


def flat_forms(spec: Node) -> Iterator[str]:
    """A form can contain neither null (sent as the text None) nor an object (sent as its repr)."""
    for operation in operations(spec):
        for content_type, media in request_media(spec, operation):
            if content_type not in FORMS:
                continue
            for name, each in resolve(spec, media["schema"]).get("properties", {}).items():
                for _, inner in subschemas_resolved(spec, each):
                    if inner.get("type") in ("null", "object"):
                        yield (
                            f"{operation.key} {content_type}, property {name}: "
                            f"a form can't hold {inner['type']}; leave the field optional, or make it JSON text"
                        )


def subschemas_resolved(spec: Node, schema: Node) -> Iterator[tuple[str, Node]]:
    """The schema, its alternatives and its items, with references resolved."""
    schema = resolve(spec, schema)
    yield "", schema
    for each in [*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())]:
        yield from subschemas_resolved(spec, each)


def success_schemas(spec: Node) -> Iterator[str]:
    """Without a schema, the result is ``Any`` and there is no ``sync`` function."""
    for operation in operations(spec):
        for status, content_type, media in response_media(spec, operation):
            if status.startswith("2") and not media.get("schema"):
                yield f"{operation.key} response {status} {content_type}: give it a schema"


def examples_present(spec: Node) -> Iterator[str]:
    for operation in operations(spec):
        for content_type, media in request_media(spec, operation):
            if not media.get("examples") and "example" not in media:
                yield f"{operation.key} request {content_type}: add an example"
        for status, content_type, media in response_media(spec, operation):
            if content_type == "application/json" and not media.get("examples") and "example" not in media:
                yield f"{operation.key} response {status}: add an example"


def property_examples(spec: Node) -> Iterator[str]:
    """A property of text, of numbers, or of lists of these has an example, unless something else shows its values."""
    for where, node in properties(spec):
        kinds = [each for _, each in subschemas(node, "")]
        is_shown = any({"$ref", "format", "contentSchema"} & each.keys() for each in kinds) or node.get("x-default")
        is_plain = any(each.get("type") in ("string", "integer", "number") for each in kinds)
        if is_plain and not is_shown and not node.get("examples"):
            yield f"{where}: add examples, a list of at least one value"


def examples_valid(spec: Node) -> Iterator[str]:
    """Every ``example`` and ``examples`` of bodies, parameters and schemas, with no field that is not declared."""
    spec = closed(spec)
    for operation in operations(spec):
        places: list[tuple[str, Node, Node]] = []
        for content_type, media in request_media(spec, operation):
            places.append((f"{operation.key} request {content_type}", media, media["schema"]))
        for status, content_type, media in response_media(spec, operation):
            places.append((f"{operation.key} response {status} {content_type}", media, media.get("schema", {})))
        for each in operation.parameters:
            places.append((f"{operation.key} parameter {each['name']}", each, each["schema"]))
        for where, holder, schema in places:
            values = {name: resolve(spec, each)["value"] for name, each in holder.get("examples", {}).items()}
            if "example" in holder:
                values["example"] = holder["example"]
            for name, value in values.items():
                for fault in [*problems(spec, schema, value), *text_problems(spec, schema, value)]:
                    yield f"{where}, example {name}: {fault}: correct the example or the schema"
    for where, schema in every_schema(spec):
        values = dict(enumerate(schema.get("examples", ())))
        for name, value in (values | ({"example": schema["example"]} if "example" in schema else {})).items():
            for fault in problems(spec, schema, value):
                yield f"{where}, example {name}: {fault}: correct the example or the schema"


def examples_used(spec: Node) -> Iterator[str]:
    """An unused shared example is not checked."""
    used = set()
    for operation in operations(spec):
        holders = [media for _, media in request_media(spec, operation)]
        holders += [media for _, _, media in response_media(spec, operation)]
        holders += list(operation.parameters)
        used |= {each.get("$ref", "") for holder in holders for each in holder.get("examples", {}).values()}
    for name in spec["components"].get("examples", {}):
        if f"#/components/examples/{name}" not in used:
            yield f"example {name}: refer to it, or remove it"


RULES: tuple[Rule, ...] = (
    provenance,
    description,
    operation_names,
    one_tag,
    security,
    path_parameters,
    no_default,
    stated_defaults,
    successors_exist,
    required_in_responses,
    open_objects,
    nullable_responses,
    open_enums,
    no_collisions,
    schema_names,
    plain_text,
    reserved_names,
    flat_forms,
    success_schemas,
    examples_present,
    property_examples,
    examples_valid,
    examples_used,
)
