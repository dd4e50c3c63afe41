"""What the caller may decide: :class:`Policy`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import urlsplit

from vimmerse.compat.core.forms import Limits
from vimmerse.compat.core.messages import Notice

DEFAULT_BASE_URL = "https://api.vimmerse.net"
MODES = ("lenient", "strict")


def _setting(name: str) -> Callable[[], Any]:  # of the field's own type; __post_init__ checks it
    def read() -> str | None:
        # Made by people, before any conversation: the core itself never looks at the environment.
        from vimmerse.compat.settings import from_environment

        return from_environment(name)

    return read


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How v1 calls are made on v2. Immutable; share it between clients and threads.

    ``mode``: ``"lenient"`` translates what it can, warns about what is lost and passes the rest to v1;
    ``"strict"`` raises :class:`TranslationError` instead of losing anything. Default ``VIMMERSE_COMPAT_MODE``, else
    lenient.
    ``video_tools`` / ``image_tools``: v1 name to v2 name, before the built-in tables
    (``{"RunwayML": "Vidu"}``).
    ``base_url``: where v2 (and v1, for what is passed through) is. A path prefix is kept. Default
    ``VIMMERSE_BASE_URL``, else ``https://api.vimmerse.net``.
    ``api_key``: used where the caller's own request has no ``X-Api-Key``; see ``supply_key``. Default
    ``VIMMERSE_API_KEY``.
    ``supply_key``: ``"always"``, or ``"status"`` for the v1 status route alone (the gateway's default).
    ``max_credits``: refuse a call whose estimate is above this many credits, before anything is sent.
    ``limits``: what one v1 body may hold; one that holds more is passed to v1 as it is.
    ``on_warning``: gets each :class:`Notice` instead of Python's ``warnings``.

    The environment is read once, when a policy is made. Raises ``ValueError`` that names the argument or the variable
    at fault.
    """

    mode: Literal["lenient", "strict"] = field(default_factory=_setting("mode"))
    video_tools: Mapping[str, str] = field(default_factory=dict)
    image_tools: Mapping[str, str] = field(default_factory=dict)
    base_url: str = field(default_factory=_setting("base_url"))
    api_key: str | None = field(default_factory=_setting("api_key"), repr=False)
    max_credits: float | None = None
    on_warning: Callable[[Notice], object] | None = field(default=None, compare=False)
    supply_key: Literal["always", "status"] = "always"
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        check_mode(self.mode)
        check_base_url(self.base_url)
        if self.max_credits is not None and not self.max_credits >= 0:
            raise ValueError(f"max_credits is {self.max_credits!r}; it must be a number of credits, 0 or more")
        if self.api_key is not None:
            check_api_key(self.api_key)
        if self.supply_key not in ("always", "status"):
            raise ValueError(f"supply_key is {self.supply_key!r}; it must be 'always' or 'status'")
        object.__setattr__(self, "base_url", self.base_url.rstrip("/"))
        object.__setattr__(self, "video_tools", MappingProxyType(dict(self.video_tools)))
        object.__setattr__(self, "image_tools", MappingProxyType(dict(self.image_tools)))

    def arguments(self) -> dict[str, object]:
        """The keyword arguments that make an equal policy, in types that pickle."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: dict(value) if isinstance(value, Mapping) else value for name, value in values.items()}

    def __reduce__(self) -> tuple[object, ...]:
        return _policy, (self.arguments(),)


def _policy(arguments: dict[str, object]) -> Policy:
    return Policy(**arguments)  # type: ignore[arg-type]  # they came from arguments()


def check_mode(value: object) -> None:
    """Raise ``ValueError`` unless this is a mode."""
    if value not in MODES:
        raise ValueError(f"mode is {value!r}; it must be 'lenient' or 'strict'")


def check_base_url(value: str) -> None:
    """Raise ``ValueError`` unless this can be a base URL. A password in it is not repeated."""
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("base_url is no URL") from None
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("base_url must have no credentials, query or fragment")
    if parts.scheme not in ("http", "https") or not host or any(char.isspace() for char in value):
        raise ValueError(f"base_url is {value!r}; it must be an http or https URL with a host")


def check_api_key(value: str) -> None:
    """Raise ``ValueError`` unless this can be sent as a header. The value is never part of the text."""
    if not value or value != value.strip() or not value.isascii() or not value.isprintable():
        # Checked here, since the errors of the layers below would quote it.
        raise ValueError("api_key must be printable ASCII text without spaces around it, and not blank")
