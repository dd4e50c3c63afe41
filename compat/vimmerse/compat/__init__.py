"""v1 of the Vimmerse API, on v2: run a v1 integration unchanged, with warnings that say what to change.

Each name is loaded on first use (PEP 562), so importing this package loads no HTTP library.
"""

from __future__ import annotations

from vimmerse._http.lazy import lazy_exports

# fmt: off
__all__ = [
    "AsyncCompatClient", "AsyncCompatTransport", "CompatAdapter", "CompatClient", "CompatTransport",
    "CreditLimitError", "Limits", "LossyTranslationWarning", "Notice", "PassthroughWarning", "Policy",
    "StrictModeError", "TranslationError", "UpstreamError", "V1DeprecationWarning", "estimate", "install",
    "report", "requests", "translate_request", "translate_response", "uninstall",
]
# fmt: on

_MODULES = {
    "adapters.httpx": ("AsyncCompatTransport", "CompatTransport"),
    "adapters.requests": ("CompatAdapter",),
    "client": ("AsyncCompatClient", "CompatClient"),
    "core.errors": ("CreditLimitError", "StrictModeError", "TranslationError", "UpstreamError"),
    "core.fields": ("Limits",),
    "core.messages": ("Notice",),
    "core.policy": ("Policy",),
    "flows.translate": ("translate_request", "translate_response"),
    "process.patching": ("install", "uninstall"),
    "reporting.report": ("report",),
    "requests": ("requests",),
    "runtime.warnings": ("LossyTranslationWarning", "PassthroughWarning", "V1DeprecationWarning"),
}

TYPE_CHECKING = False  # type checkers take it for true; the typing module itself is not needed
if TYPE_CHECKING:
    from collections.abc import Callable

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
    from vimmerse.compat.reporting.report import report
    from vimmerse.compat.runtime.warnings import LossyTranslationWarning, PassthroughWarning, V1DeprecationWarning
    from vimmerse.pricing import estimate
    from vimmerse.v2 import __version__ as __version__

    policy: Callable[..., Policy]  # deprecated
else:  # hidden from type checkers, which would accept any name
    _exports = {name: module for module, names in _MODULES.items() for name in names}
    _load, _names = lazy_exports(globals(), _exports)

    def __dir__() -> list[str]:
        return sorted({*_names(), *__all__, "__version__"})

    def __getattr__(name: str) -> object:
        if name == "policy":
            from vimmerse.compat.core.policy import Policy
            from vimmerse.compat.runtime.deprecations import POLICY_FUNCTION, warn_deprecated

            warn_deprecated(POLICY_FUNCTION)
            globals()[name] = Policy.from_env  # an import asks twice
            return Policy.from_env
        if name == "estimate":
            from vimmerse.pricing import estimate

            return estimate
        if name == "__version__":
            from vimmerse.v2 import __version__

            return __version__
        return _load(name)
