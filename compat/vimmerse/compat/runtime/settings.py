"""The settings of every entry point: arguments first, then the policy, then the environment, then the defaults.

    VIMMERSE_API_KEY        the key, used where a call has none of its own
    VIMMERSE_BASE_URL       where the API is; default https://api.vimmerse.net
    VIMMERSE_COMPAT_MODE    lenient (default) or strict
    VIMMERSE_LOG            info or debug: show the log of requests

In a process of ``vimmerse run``, its options come before the defaults.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import UnionType
from typing import Any, Literal, TypedDict

from vimmerse._http.logs import configure_from_environment
from vimmerse.compat.core.fields import Limits
from vimmerse.compat.core.messages import Notice
from vimmerse.compat.core.policy import Policy, conceal_api_key


class Overrides(TypedDict, total=False):
    """The keyword arguments of :class:`Policy`, all optional; None means "not set"."""

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


_run_options: Mapping[str, Any] = {}
_counts_calls = False


def start_counting() -> None:
    """Count the v1 calls of this process from now on (``call_counts.py``, which takes longer to load than this)."""
    global _counts_calls
    _counts_calls = True


def counts_calls() -> bool:
    """Whether the v1 calls of this process are counted: nobody pays for a report that is not wanted."""
    return _counts_calls


def set_run_options(options: Mapping[str, Any]) -> None:
    """Set the options of the ``vimmerse run`` that this process belongs to, by the names of :class:`Policy`."""
    global _run_options
    _run_options = options


def resolve(policy: Policy | None, overrides: Overrides) -> Policy:
    """Return the policy of an entry point that was called with ``policy`` and these keyword arguments.

    Raises ``TypeError`` where ``policy`` is not a Policy; its value, which may be a key, is not part of the text.
    """
    conceal_api_key(overrides)
    configure_from_environment()
    if policy is None:
        policy = Policy.from_env(**overrides)
    else:
        check_type("policy", policy, Policy, "a Policy")
        policy = (policy.replace(**overrides) if overrides else policy).filled_from_env()
    defaults = {name: value for name, value in _run_options.items() if name in policy.unset}
    return policy.replace(**defaults) if defaults else policy


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
        return "; pass a policy as policy=..."
    return "; pass a key as api_key=... and a URL as base_url=..." if isinstance(value, str) else ""
