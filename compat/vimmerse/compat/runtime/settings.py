"""The settings of every door: arguments first, then the environment, then the defaults.

    VIMMERSE_API_KEY        the key, used where a call brings none of its own
    VIMMERSE_BASE_URL       where the API is; default https://api.vimmerse.net
    VIMMERSE_COMPAT_MODE    lenient (default) or strict

A variable that is empty or blank counts as unset. Under ``vimmerse run``, its limit and its tables of tools are
settings of the environment too. The core itself never looks at the environment.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from types import UnionType
from typing import Any, Literal, TypedDict, Unpack

from vimmerse.compat.core.forms import Limits
from vimmerse.compat.core.messages import Notice
from vimmerse.compat.core.policy import DEFAULT_BASE_URL, Policy, check_api_key, check_base_url, check_mode, conceal
from vimmerse.compat.core.redaction import hidden, revealed

API_KEY = "VIMMERSE_API_KEY"
BASE_URL = "VIMMERSE_BASE_URL"
MODE = "VIMMERSE_COMPAT_MODE"


class Overrides(TypedDict, total=False):
    """The keyword arguments of :class:`Policy`, none of them required."""

    mode: Literal["lenient", "strict"] | None
    video_tools: Mapping[str, str]
    image_tools: Mapping[str, str]
    base_url: str | None
    api_key: str | None
    max_credits: float | None
    on_warning: Callable[[Notice], object] | None
    supply_key: Literal["always", "status"]
    limits: Limits
    advice: Literal["python", "flags"]


def policy(**overrides: Unpack[Overrides]) -> Policy:
    """A :class:`Policy` from these arguments, then from the environment, then from the defaults.

    ``None`` for ``mode``, ``base_url`` or ``api_key`` means "not given here". Raises ``ValueError`` that names
    the argument or the environment variable at fault; a key is never part of the text.
    """
    conceal(overrides)
    given = {name: value for name, value in overrides.items() if value is not None}
    return Policy(**given)  # type: ignore[arg-type]  # the names and types are those of Overrides


_VARIABLES: Mapping[str, tuple[str, Callable[[str], None], str | None]] = {
    "mode": (MODE, check_mode, "lenient"),
    "base_url": (BASE_URL, check_base_url, DEFAULT_BASE_URL),
    "api_key": (API_KEY, check_api_key, None),
}


def from_environment(field: str) -> Any:
    """What the environment says of a field of :class:`Policy`, or its default.

    Raises ``ValueError`` that names the variable.
    """
    if field not in _VARIABLES:
        from vimmerse.compat.run import children

        return children.in_force()[field]
    variable, check, default = _VARIABLES[field]
    text = hidden(os.environ.get(variable, "").strip())
    if not revealed(text):
        return default
    if field == "mode":
        text = hidden(revealed(text).lower())
    try:
        check(text if field == "api_key" else revealed(text))
    except ValueError as error:
        reason = str(error).replace(f"{field} ", "", 1)
        raise ValueError(f"the environment variable {variable} can't be used: it {reason}") from None
    return str(revealed(text))


def resolve(given: Policy | None, overrides: Overrides) -> Policy:
    """The policy of a door that was called with ``policy=given`` and these keyword arguments.

    Raises ``TypeError`` where ``given`` is no policy; its value, which may be a key, is not part of the text.
    """
    conceal(overrides)
    if given is not None:
        check_type("policy", given, Policy, "a Policy")
    if given is None:
        return policy(**overrides)
    return given.replace(**overrides) if overrides else given


def check_sender(name: str, value: object, method: str, what: str) -> None:
    """Raise ``TypeError`` unless an argument has the method by which it sends. The value is not part of the text."""
    if isinstance(value, type) or not callable(getattr(value, method, None)):
        raise TypeError(f"{name} must be {what} with {method}(), not {_kind(value)}{_hint(value)}")


def check_type(name: str, value: object, kind: type | UnionType, what: str) -> None:
    """Raise ``TypeError`` unless an argument is of this type. The value is not part of the text."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be {what}, not {_kind(value)}{_hint(value)}")


def _kind(value: object) -> str:
    return f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__


def _hint(value: object) -> str:
    if isinstance(value, Policy):
        return "; give a policy as policy=..."
    return "; give a key as api_key=... and an address as base_url=..." if isinstance(value, str) else ""
