"""v1 of the Vimmerse API, on v2: run a v1 integration unchanged, and be told what to change.

Each name is loaded on first use (PEP 562), so importing this package loads no HTTP library.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # type checkers take it for true; the typing module itself is not needed
if TYPE_CHECKING:
    from vimmerse.compat import requests as requests
    from vimmerse.compat.adapters.httpx import AsyncCompatTransport, CompatTransport
    from vimmerse.compat.adapters.requests import CompatAdapter
    from vimmerse.compat.client import AsyncCompatClient, CompatClient
    from vimmerse.compat.core.errors import CreditLimitError, StrictModeError, TranslationError, UpstreamError
    from vimmerse.compat.core.fields import Limits
    from vimmerse.compat.core.messages import Notice
    from vimmerse.compat.core.policy import Policy
    from vimmerse.compat.flows.translate import translate_request, translate_response
    from vimmerse.compat.process.patching import install, uninstall
    from vimmerse.compat.runtime.warnings import LossyTranslationWarning, PassthroughWarning, V1DeprecationWarning
    from vimmerse.pricing import estimate

#: The module of each public name; "" for a module of this package.
_HOMES = {
    "AsyncCompatClient": "vimmerse.compat.client",
    "AsyncCompatTransport": "vimmerse.compat.adapters.httpx",
    "CompatAdapter": "vimmerse.compat.adapters.requests",
    "CompatClient": "vimmerse.compat.client",
    "CompatTransport": "vimmerse.compat.adapters.httpx",
    "CreditLimitError": "vimmerse.compat.core.errors",
    "Limits": "vimmerse.compat.core.fields",
    "LossyTranslationWarning": "vimmerse.compat.runtime.warnings",
    "Notice": "vimmerse.compat.core.messages",
    "PassthroughWarning": "vimmerse.compat.runtime.warnings",
    "Policy": "vimmerse.compat.core.policy",
    "StrictModeError": "vimmerse.compat.core.errors",
    "TranslationError": "vimmerse.compat.core.errors",
    "UpstreamError": "vimmerse.compat.core.errors",
    "V1DeprecationWarning": "vimmerse.compat.runtime.warnings",
    "estimate": "vimmerse.pricing",
    "install": "vimmerse.compat.process.patching",
    "requests": "",
    "translate_request": "vimmerse.compat.flows.translate",
    "translate_response": "vimmerse.compat.flows.translate",
    "uninstall": "vimmerse.compat.process.patching",
}

__all__ = [
    "AsyncCompatClient",
    "AsyncCompatTransport",
    "CompatAdapter",
    "CompatClient",
    "CompatTransport",
    "CreditLimitError",
    "Limits",
    "LossyTranslationWarning",
    "Notice",
    "PassthroughWarning",
    "Policy",
    "StrictModeError",
    "TranslationError",
    "UpstreamError",
    "V1DeprecationWarning",
    "estimate",
    "install",
    "requests",
    "translate_request",
    "translate_response",
    "uninstall",
]


def __getattr__(name: str) -> object:
    if name == "policy":
        import warnings

        text = "vimmerse.compat.policy() is vimmerse.compat.Policy.from_env() now; the old name is removed in 0.2"
        warnings.warn(text, DeprecationWarning, stacklevel=2)
        return import_module("vimmerse.compat.core.policy").Policy.from_env
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if not home:
        return import_module(f"{__name__}.{name}")
    found: object = getattr(import_module(home), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
