"""What ``argparse`` gives a program: the arguments of its command line."""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst
from vimmerse.compat.migrate.rewrite.attributes import Attributes
from vimmerse.compat.migrate.rewrite.containers import Arguments
from vimmerse.compat.migrate.rewrite.scopes import union
from vimmerse.compat.migrate.rewrite.values import (
    ANYTHING,
    NOTHING,
    Constant,
    External,
    ExternalInstance,
    List,
    Unknown,
    Values,
    literal,
    only,
)


class CommandLines(Attributes):
    """Evaluates the methods of an ``ArgumentParser``."""

    def _call_argparse(
        self,
        receiver: ExternalInstance,
        name: str,
        node: cst.Call,
        given: Arguments,
    ) -> Values:
        if name in ("parse_args", "parse_known_args"):
            return frozenset({ExternalInstance("argparse.Namespace", node)})
        if name in ("add_argument_group", "add_mutually_exclusive_group", "add_subparsers", "add_parser"):
            return frozenset({receiver})
        if name != "add_argument":
            return ANYTHING
        names = [text for _, values in given.positional if isinstance(text := literal(values), str)]
        options = {key: values for key, (_, values) in given.keywords.items()}
        destination = literal(options["dest"]) if "dest" in options else ""
        long = next((option for option in names if option.startswith("--")), names[0] if names else "")
        destination = (
            destination if isinstance(destination, str) and destination else long.lstrip("-").replace("-", "_")
        )
        self._arguments_of_programs[destination] = self._argument_values(options, names)
        return ANYTHING

    def _argument_values(self, given: Mapping[str, Values], names: list[str]) -> Values:
        """Return what an argument of a command line may be, from the arguments of ``add_argument``."""
        action = literal(given.get("action", NOTHING))
        if action in ("store_true", "store_false"):
            return frozenset({Unknown("bool")})
        kind = only(given.get("type", NOTHING))
        values: Values = frozenset({Unknown(kind.name if isinstance(kind, External) else "" if kind else "str")})
        match only(given.get("choices", NOTHING)):
            case List(object=list_object) if not list_object.is_open:
                values = union(*(item for _, item in list_object.items))
        if "nargs" in given and literal(given["nargs"]) != "?":
            return ANYTHING
        if "default" in given:
            return union(values, given["default"])
        is_option = bool(names) and names[0].startswith("-") and literal(given.get("required", NOTHING)) is not True
        return union(values, frozenset({Constant(None, cst.Name("None"))})) if is_option else values
