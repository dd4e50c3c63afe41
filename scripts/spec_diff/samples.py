"""Sample responses of a spec, and what compat shows of them to a v1 program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from vimmerse.compat.flows import responses

from scripts.spec_diff.shapes import Shape

Json = dict[str, Any]
MAPPINGS: Mapping[str, Callable[[Json], Json]] = {
    "story": responses.story,
    "media": responses.media,
    "status": responses.media_status,
}
_DEPTH = 8


def sample(shape: Shape, path: str = "", depth: int = 0) -> Any:
    """A value that fits, in which every text is the path where it stands."""
    if shape.objects:
        result = {}
        for fields in shape.objects.values():
            for name, each in fields.properties.items():
                result[name] = sample(each, f"{path}.{name}" if path else name, depth + 1)
        return result
    if shape.cut or depth > _DEPTH:
        return None
    if shape.items:
        return [sample(shape.items, f"{path}[]", depth + 1)]
    kinds = shape.types
    if "string" in kinds and shape.values:
        return "success" if "success" in shape.values else sorted(map(str, shape.values))[-1]
    if "string" in kinds:
        return f"2026-01-01T00:00:00 {path}" if path.endswith("_at") else path
    if "boolean" in kinds:
        return True
    return 41 if kinds & {"integer", "number"} else {}


def without(value: Any, path: str, renamed: str = "", new: Any = None) -> Any:
    """A copy of a sample without what is at ``path``, or with it under another name or with another value."""
    name, _, rest = path.partition(".")
    key = name.removesuffix("[]")
    if not isinstance(value, dict) or key not in value:
        return value
    changed = dict(value)
    if not rest and not name.endswith("[]"):
        inner = changed.pop(key)
        if renamed:
            changed[renamed] = inner
        elif new is not None:
            changed[key] = new
    elif name.endswith("[]") and isinstance(value[key], list):
        changed[key] = [without(each, rest, renamed, new) if rest or new is None else new for each in value[key]]
    else:
        changed[key] = without(value[key], rest, renamed, new)
    return changed


def shown(kind: str, v2: Json) -> dict[str, Any]:
    """What compat shows of a v2 response: each v1 field with its value, without what it shows of an empty one."""
    mapping = MAPPINGS[kind]
    empty = dict(_flat(mapping({"id": "an id"})))
    return {path: value for path, value in _flat(mapping(v2)) if path not in empty or empty[path] != value}


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _flat(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for each in value:
            yield from _flat(each, f"{path}[]")
    else:
        yield path, value
