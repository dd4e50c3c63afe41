"""What the caller may decide: :class:`Policy`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import urlsplit

from vimmerse.compat.core.forms import LIMITS, Limits
from vimmerse.compat.core.messages import Notice
from vimmerse.compat.core.record import Record

DEFAULT_BASE_URL = "https://api.vimmerse.net"
MODES = ("lenient", "strict")


class _Environment:
    """In place of an argument: what the environment says."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<from the environment>"


_ENVIRONMENT: Any = _Environment()


def _setting(name: str, given: Any) -> Any:
    if given is not _ENVIRONMENT:
        return given
    # Made by people, before any conversation: the core itself never looks at the environment.
    from vimmerse.compat.settings import from_environment

    return from_environment(name)


class Policy(Record):
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

    The environment is read once, when a policy is made. Raises ``TypeError`` or ``ValueError`` that names the argument
    or the variable at fault; a value that may be a key is not part of the text.
    """

    __slots__ = (  # in the order of __init__
        *("mode", "video_tools", "image_tools", "base_url", "api_key"),
        *("max_credits", "on_warning", "supply_key", "limits"),
    )
    _unseen = frozenset({"api_key"})
    mode: Literal["lenient", "strict"]
    video_tools: Mapping[str, str]
    image_tools: Mapping[str, str]
    base_url: str
    api_key: str | None
    max_credits: float | None
    on_warning: Callable[[Notice], object] | None
    supply_key: Literal["always", "status"]
    limits: Limits

    def __init__(
        self,
        *,
        mode: Literal["lenient", "strict"] = _ENVIRONMENT,
        video_tools: Mapping[str, str] = MappingProxyType({}),
        image_tools: Mapping[str, str] = MappingProxyType({}),
        base_url: str = _ENVIRONMENT,
        api_key: str | None = _ENVIRONMENT,
        max_credits: float | None = None,
        on_warning: Callable[[Notice], object] | None = None,
        supply_key: Literal["always", "status"] = "always",
        limits: Limits = LIMITS,
    ) -> None:
        mode, base_url = _setting("mode", mode), _setting("base_url", base_url)
        api_key = _setting("api_key", api_key)
        _check_types(
            mode=(mode, str, "text"),
            base_url=(base_url, str, "text"),
            api_key=(api_key, str | None, "text"),
            video_tools=(video_tools, Mapping, "a mapping of names"),
            image_tools=(image_tools, Mapping, "a mapping of names"),
            supply_key=(supply_key, str, "'always' or 'status'"),
            limits=(limits, Limits, "Limits(...)"),
        )
        if on_warning is not None and not callable(on_warning):
            raise TypeError(f"on_warning must be a function that takes a Notice, not {type(on_warning).__name__}")
        check_mode(mode)
        check_base_url(base_url)
        if max_credits is not None:
            check_max_credits(max_credits)
        if api_key is not None:
            check_api_key(api_key)
        if supply_key not in ("always", "status"):
            raise ValueError(f"supply_key{_quoted(supply_key)} must be 'always' or 'status'")
        self._fill(
            mode=mode,
            video_tools=MappingProxyType(dict(video_tools)),
            image_tools=MappingProxyType(dict(image_tools)),
            base_url=base_url.rstrip("/"),
            api_key=api_key,
            max_credits=max_credits,
            on_warning=on_warning,
            supply_key=supply_key,
            limits=limits,
        )

    def replace(self, **changes: Any) -> Policy:
        """The same policy but for these arguments; also ``copy.replace(policy, ...)`` from Python 3.13 on."""
        return Policy(**{**self.arguments(), **changes})

    __replace__ = replace

    def arguments(self) -> dict[str, Any]:
        """The keyword arguments that make an equal policy, in types that pickle."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: dict(value) if isinstance(value, Mapping) else value for name, value in values.items()}

    def __eq__(self, other: object) -> bool:
        """Whether both translate alike; who hears of it (``on_warning``) does not count."""
        if not isinstance(other, Policy):
            return NotImplemented
        return {**self.arguments(), "on_warning": None} == {**other.arguments(), "on_warning": None}

    __hash__ = Record.__hash__

    def __reduce__(self) -> tuple[Any, ...]:
        return _policy, (self.arguments(),)


def _policy(arguments: dict[str, Any]) -> Policy:
    return Policy(**arguments)


def _check_types(**arguments: tuple[object, Any, str]) -> None:
    for name, (value, kind, what) in arguments.items():
        if not isinstance(value, kind):
            hint = "; give a policy as policy=..." if isinstance(value, Policy) else ""
            raise TypeError(f"{name} must be {what}, not {type(value).__name__}{hint}")


def _quoted(value: str) -> str:
    """The value, to be read after its name, unless it may be a key that was given for something else."""
    return f" is {value!r}; it" if len(value) <= 12 and value.isalpha() else ""


def check_mode(value: str) -> None:
    """Raise ``ValueError`` unless this is a mode."""
    if value not in MODES:
        raise ValueError(f"mode{_quoted(value)} must be 'lenient' or 'strict'")


def check_max_credits(value: Any) -> None:
    """Raise ``TypeError`` or ``ValueError`` unless this is a number of credits."""
    try:
        fine = value >= 0
    except ArithmeticError:  # a Decimal that is no number
        fine = False
    except TypeError:
        raise TypeError(f"max_credits must be a number of credits, not {type(value).__name__}") from None
    if not fine:
        raise ValueError(f"max_credits is {value!r}; it must be a number of credits, 0 or more")


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
        # What is no URL at all may be a key.
        shown = f" is {value!r}; it" if host and parts.scheme else ""
        raise ValueError(f"base_url{shown} must be an http or https URL with a host")


def check_api_key(value: str) -> None:
    """Raise ``ValueError`` unless this can be sent as a header. The value is never part of the text."""
    if not value or value != value.strip() or not value.isascii() or not value.isprintable():
        # Checked here, since the errors of the layers below would quote it.
        raise ValueError("api_key must be printable ASCII text without spaces around it, and not blank")
