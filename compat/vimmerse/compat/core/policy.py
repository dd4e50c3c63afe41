"""What the caller may decide: :class:`Policy`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal
from urllib.parse import urlsplit

from vimmerse.compat.core.messages import Notice

DEFAULT_BASE_URL = "https://api.vimmerse.net"
MODES = ("lenient", "strict")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How v1 calls are made on v2. Immutable; share it between clients and threads.

    The core takes every value from here and nothing from the environment. :func:`vimmerse.compat.policy`
    -- what every adapter calls when no policy is given -- fills the gaps from ``VIMMERSE_API_KEY``,
    ``VIMMERSE_BASE_URL`` and ``VIMMERSE_COMPAT_MODE``.

    ``mode``: ``"lenient"`` translates what it can, warns about what is lost and passes the rest to v1;
    ``"strict"`` raises :class:`TranslationError` instead of losing anything.
    ``video_tools`` / ``image_tools``: v1 name to v2 name, before the built-in tables
    (``{"RunwayML": "Vidu"}``).
    ``base_url``: where v2 (and v1, for what is passed through) is. A path prefix is kept.
    ``api_key``: used where the caller's own request has no ``X-Api-Key``; see ``supply_key``.
    ``supply_key``: ``"always"``, or ``"status"`` for the v1 status route alone (the gateway's default).
    ``max_credits``: refuse a call whose estimate is above this many credits, before anything is sent.
    ``on_warning``: gets each :class:`Notice` instead of Python's ``warnings``.
    """

    mode: Literal["lenient", "strict"] = "lenient"
    video_tools: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    image_tools: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    base_url: str = DEFAULT_BASE_URL
    api_key: str | None = field(default=None, repr=False)
    max_credits: float | None = None
    on_warning: Callable[[Notice], object] | None = field(default=None, compare=False)
    supply_key: Literal["always", "status"] = "always"

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"mode is {self.mode!r}; it must be 'lenient' or 'strict'")
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"base_url is {self.base_url!r}; it must be an http or https URL with a host")
        if parts.query or parts.fragment or parts.username is not None:
            raise ValueError("base_url must have no credentials, query or fragment")
        if self.max_credits is not None and not self.max_credits >= 0:
            raise ValueError(f"max_credits is {self.max_credits!r}; it must be a number of credits, 0 or more")
        if self.api_key is not None and (
            not self.api_key.strip() or any(c in self.api_key for c in "\r\n\0") or not self.api_key.isascii()
        ):
            raise ValueError("api_key must be printable ASCII text and not blank")
        object.__setattr__(self, "base_url", self.base_url.rstrip("/"))
        object.__setattr__(self, "video_tools", MappingProxyType(dict(self.video_tools)))
        object.__setattr__(self, "image_tools", MappingProxyType(dict(self.image_tools)))
