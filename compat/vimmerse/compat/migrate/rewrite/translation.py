"""What the rules make of a v1 body of which only a part is known.

The rules themselves translate it: a :class:`Symbol` stands for each value that is known at run time only. Whether a
rule does the same with every value is tried out with examples, so there is no second table of rules here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import libcst as cst
from vimmerse.compat.core.fields import Fields, FieldsKind
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.migrate.rewrite.code import is_same
from vimmerse.compat.migrate.rewrite.symbols import Structure, Symbol, substitute, symbols_in
from vimmerse.compat.rules.engine import OBJECT_FIELDS, Operation, Translation, translate_body
from vimmerse.compat.rules.story import needs_story

_POLICY = Policy()
_TRUE = '("true", "1", "yes", "on", "y", "t")'


@dataclass
class Translated:
    """What a body becomes.

    Attributes:
        body: The v2 body, with symbols.
        origins: The path in the v1 body by the path in the v2 body, where they differ.
        conversions: How the expression of a symbol is converted, by the path in the v2 body.
        reviews: What a person has to look at, with the name of the rule.
        left: Why the call can't be rewritten, with the name of the rule; empty if it can.
    """

    body: dict[str, Any]
    origins: dict[str, str] = field(default_factory=dict)
    conversions: dict[str, Callable[[str], str]] = field(default_factory=dict)
    reviews: list[tuple[str, str]] = field(default_factory=list)
    left: tuple[str, str] | None = None


Given = Mapping[str, Sequence[Any]]  # the values of a body by name, of a repeated name all of them


def translate(operation: Operation, given: Given, structure: Structure, encoding: FieldsKind) -> Translated:
    """Translate a body. Nothing is guessed: what depends on a value that is not known is reviewed or left."""
    if (name := _unknown_object(given)) is not None:
        text = f"What {name} holds is not known here; v2 takes its fields under other names."
        return Translated({}, left=(text, "unknown value"))
    given = _without_own_scenes(given)
    translation = _run(operation, given, encoding)
    if len(translation.motions) == 1:
        translation.body.update(translation.motions[0])
        translation.origins.update(translation.motion_origins[0])
    translated = Translated(translation.body, dict(translation.origins))
    if left := _why_left(translation, given):
        translated.left = left
        return translated
    for notice in translation.losses:
        translated.reviews.append((_sentence(notice.text.removeprefix(f"{operation.v1}: ")), "lossy"))
    for path, symbol in _leaves(translation.body, ""):
        _judge(operation, given, encoding, path, symbol, translated)
        if symbol.is_optional and "." in path and encoding != "json":
            _write_default(operation, given, encoding, path, symbol, translated)
    for path, text in _texts(translation.body, ""):
        if structure.holes.occur_in(text) and path in ("quantity", "duration", "loop"):
            translated.conversions[path] = lambda code: f"int({code})"
    placed = set(map(id, symbols_in(translation.body)))
    for name, values in given.items():
        for symbol in symbols_in(list(values)):
            if id(symbol) not in placed:
                _judge_dropped(operation, name, symbol, translation, translated)
    return translated


def _unknown_object(given: Given) -> str | None:
    """Return the name of a field that holds an object of which nothing is known, or None."""
    for name, values in given.items():
        for value in values:
            if name in (*OBJECT_FIELDS, "data"):
                parts = value if isinstance(value, list) else [value]
                if any(isinstance(part, Symbol) and not part.is_response for part in parts):
                    return name
            if isinstance(value, dict) and (inner := _unknown_object({key: [item] for key, item in value.items()})):
                return f"{name}.{inner}"
    return None


def _without_own_scenes(given: Given) -> Given:
    """Leave out v1's ``scenes`` beside the storyboard of the same response: in v2 they are a part of it."""
    scenes, storyboards = given.get("scenes"), given.get("storyboard")
    if scenes and storyboards:
        one, other = scenes[-1], storyboards[-1]
        responses = [symbol.bodies for symbol in (one, other) if isinstance(symbol, Symbol) and symbol.is_response]
        if len(responses) == 2 and len({frozenset(body.call for body in bodies) for bodies in responses}) == 1:
            return {name: values for name, values in given.items() if name != "scenes"}
    return given


def _run(operation: Operation, given: Given, encoding: FieldsKind) -> Translation:
    fields = {name: list(values) for name, values in given.items()}
    if encoding != "json":
        # A form leaves out what is None, and its texts say "True".
        fields = {name: [value for value in values if value is not None] for name, values in fields.items()}
        fields = {name: values for name, values in fields.items() if values}
    return translate_body(operation, Fields(fields, encoding), _POLICY)


def _why_left(translation: Translation, given: Given) -> tuple[str, str] | None:
    if translation.passthrough_reason:
        return _sentence(translation.passthrough_reason), "unsupported"
    if len(translation.motions) > 1:
        return "A list of several pose presets becomes as many v2 media, one call each.", "pose_preset"
    if translation.follow_up:
        names = " and ".join(translation.follow_up)
        return f"v2 sets {names} by a second call, PUT /v2/media/{{media_id}}, which is free.", "converted"
    if needs_story(translation) or ("storyboard.scenes" in translation.origins and not given.get("storyboard")):
        return "v2 takes scenes inside the storyboard; merge them into the story's own.", "combined"
    return None


def _judge(
    operation: Operation, given: Given, encoding: FieldsKind, path: str, symbol: Symbol, translated: Translated
) -> None:
    """Decide how the expression of a symbol is written, and whether the rule depends on its value."""
    name = _origin(path, translated.origins)
    if symbol.is_response:
        return

    def with_value(value: Any) -> Translation:
        swapped = {key: [substitute(item, swap(value)) for item in items] for key, items in given.items()}
        return _run(operation, swapped, encoding)

    def swap(value: Any) -> Callable[[Symbol], Any]:
        return lambda other: value if other is symbol else other

    if encoding != "json" and _repeated(operation, name) and symbol.type != "str":
        if symbol.type == "list" and translated.body.get(name.partition(".")[0]) == [symbol]:
            _send_list(name.partition(".")[0], symbol, translated)
            return
        text = f"Whether {name.partition('.')[0]} is one text or a list is not known here."
        translated.left = text, "unknown value"
        return
    if symbol.type == "bytes":
        translated.left = f"{name} is bytes, which JSON can't hold.", "unknown value"
        return
    if symbol.choices is not None and _judge_choices(path, symbol, translated, with_value):
        return
    number, switch = with_value("7"), with_value("Yes")
    if (
        _at(number.body, path) == 7
        and type(_at(number.body, path)) is int
        and not isinstance(_at(switch.body, path), bool)
    ):
        if symbol.type not in ("int", "float"):
            translated.conversions[path] = lambda code: f"int({code})"
        return
    is_text = _at(number.body, path) == "7" and _at(switch.body, path) == "Yes"
    if is_text and encoding != "json" and symbol.type in ("int", "float", "bool"):
        translated.conversions[path] = lambda code: f"str({code})"
        return
    if _at(switch.body, path) is True:
        on, off = with_value(True), with_value(False)
        same = _without(on.body, path) == _without(off.body, path) and (_at(off.body, path) is False) and not on.losses
        if not same and _at(off.body, path) is False:
            translated.left = (
                f"Whether {name} is true is not known here, and more than its own field depends on it.",
                "unknown value",
            )
        elif (code := _switched(symbol, {"Yes": True, "No": False})) is not None:
            translated.conversions[path] = lambda _: code
        elif symbol.type != "bool":
            translated.conversions[path] = lambda code: f"str({code}).lower() in {_TRUE}"
        if _at(off.body, path) is _MISSING:
            translated.reviews.append((f"v1 left {name} out where it is false.", "unknown value"))
        return
    outer, _, inner = name.rpartition(".")
    rule = next((rule for rule in operation.nested.get(outer, operation.rules) if rule.field == inner), None)
    if rule is not None and rule.kind == "approximated" and not isinstance(_at(number.body, path), int):
        text = f"The value of {name} is not known here: {rule.note} Pass a v2 name."
        translated.reviews.append((text, "unknown value"))
    elif rule is not None and rule.kind == "approximated":
        translated.reviews.append((f"The value of {name} is not known here: {rule.note}", "unknown value"))
        translated.conversions[path] = lambda code: f"5 if int({code}) <= 7 else 10"


def _send_list(name: str, symbol: Symbol, translated: Translated) -> None:
    """Send a list where v1 takes a repeated field of a form, which is left out where the list is empty."""
    if not isinstance(symbol.node, cst.Name | cst.Attribute):
        translated.left = f"{name} may be empty, and v1 leaves out what is empty.", "unknown value"
        return
    translated.body[name] = symbol
    symbol.is_optional = True


def _write_default(
    operation: Operation, given: Given, encoding: FieldsKind, path: str, symbol: Symbol, translated: Translated
) -> None:
    """Write v1's default in place of None where a part of a v2 field can't be left out."""
    without = {
        name: [substitute(value, lambda other: None if other is symbol else other) for value in values]
        for name, values in given.items()
    }
    body = _run(operation, without, encoding).body
    default = _at(body, path)
    is_simple = isinstance(symbol.node, cst.Name | cst.Attribute) and symbol.may_be_none
    if is_simple and isinstance(default, str | bool) and is_same(_without(body, path), _without(translated.body, path)):
        convert: Callable[[str], str] = translated.conversions.get(path, str)
        text = f'"{default}"' if isinstance(default, str) else repr(default)
        translated.conversions[path] = lambda code: f"{text} if {code} is None else {convert(code)}"
        symbol.has_default = True


def _repeated(operation: Operation, name: str) -> bool:
    """Return whether a form may have a field several times."""
    probe = _run(operation, {name.partition(".")[0]: ["a", "b"]}, "form").body
    return any(isinstance(value, list) and len(value) == 2 for value in probe.values())


def _judge_choices(path: str, symbol: Symbol, translated: Translated, with_value: Callable[[Any], Translation]) -> bool:
    """Map the few values that a symbol may have. Return whether that is done."""
    assert symbol.choices is not None
    bodies = [with_value(choice) for choice in symbol.choices]
    if any(_without(each.body, path) != _without(bodies[0].body, path) for each in bodies):
        return False
    if any(each.passthrough_reason for each in bodies):
        reason = next(each.passthrough_reason for each in bodies if each.passthrough_reason)
        translated.left = _sentence(reason), "unsupported"
        return True
    results = [_at(each.body, path) for each in bodies]
    if _MISSING in results:
        return False
    for each in bodies:
        for notice in each.losses:
            review = _sentence(notice.text.partition(": ")[2]), "lossy"
            if review not in translated.reviews:
                translated.reviews.append(review)
    if all(is_same(choice, result) for choice, result in zip(symbol.choices, results, strict=True)):
        return True
    pairs = dict(zip(symbol.choices, results, strict=True))
    if (code := _switched(symbol, pairs)) is not None:
        translated.conversions[path] = lambda _: code
        return True
    table = ", ".join(
        f'"{key}": {value!r}' if isinstance(key, str) else f"{key!r}: {value!r}"
        for key, value in sorted(pairs.items(), key=str)
    )
    table = table.replace("'", '"')
    translated.conversions[path] = lambda code: f"{{{table}}}[{code}]"
    return True


def _switched(symbol: Symbol, results: Mapping[Any, Any]) -> str | None:
    """Return ``bool(loud)`` or the like for ``"Yes" if loud else "No"``; None if the expression is another."""
    match symbol.node:
        case cst.IfExp(
            test=cst.Name() | cst.Attribute() as test,
            body=cst.SimpleString(evaluated_value=one),
            orelse=cst.SimpleString(evaluated_value=other),
        ) if one in results and other in results:
            name = cst.Module([]).code_for_node(test)
            match results[one], results[other]:
                case True, False:
                    return f"bool({name})"
                case False, True:
                    return f"not {name}"
    return None


def _judge_dropped(
    operation: Operation, name: str, symbol: Symbol, translation: Translation, translated: Translated
) -> None:
    """A symbol that is in no v2 field: dropped, or read by a rule that decides something else from it."""
    rule = operation.by_field.get(name.partition(".")[0])
    if rule is None:
        return  # the loss has its notice
    if name == "visibility_status" or rule.kind == "unsupported":
        translated.left = f"The value of {name} is not known here: {rule.note}", "unknown value"
    elif not any(rule.field == notice.field for notice in translation.losses):
        translated.left = (
            f"The value of {name} is not known here, and other fields depend on it: {rule.note}",
            "unknown value",
        )


def _origin(path: str, origins: Mapping[str, str]) -> str:
    """Return the path in the v1 body that a path in the v2 body, or what it is in, comes from."""
    inner = path
    while inner:
        if inner in origins:
            return origins[inner]
        inner = inner.rpartition(".")[0]
    return path


def _leaves(value: Any, path: str) -> list[tuple[str, Symbol]]:
    if isinstance(value, Symbol):
        return [(path, value)]
    return [leaf for key, item in _items(value) for leaf in _leaves(item, f"{path}.{key}" if path else str(key))]


def _texts(value: Any, path: str) -> list[tuple[str, str]]:
    if isinstance(value, str):
        return [(path, value)]
    return [leaf for key, item in _items(value) for leaf in _texts(item, f"{path}.{key}" if path else str(key))]


def _items(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    return [(str(index), item) for index, item in enumerate(value)] if isinstance(value, list) else []


class _Missing:
    pass


_MISSING = _Missing()


def _at(value: Any, path: str) -> Any:
    for key in path.split("."):
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return _MISSING
    return value


def _without(value: Any, path: str) -> Any:
    """Return a body without what is at a path."""
    key, _, rest = path.partition(".")
    if isinstance(value, dict):
        kept = {name: item for name, item in value.items() if name != key}
        if rest and key in value:
            kept[key] = _without(value[key], rest)
        return kept
    items = enumerate(value) if isinstance(value, list) else ()
    return [(_without(item, rest) if rest else None) if str(index) == key else item for index, item in items] or value


def _sentence(text: str) -> str:
    # How to choose another value for the shim is of no use to a program that leaves it.
    text = text.partition(". Choose another with")[0]
    word = text.partition(" ")[0]
    if word.isalpha():
        text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."
