"""The settings of a translation: :class:`Policy`."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Self
from urllib.parse import urlsplit

from vimmerse._http.redaction import Concealed, conceal, reveal
from vimmerse.compat.core.fields import LIMITS, Limits
from vimmerse.compat.core.messages import Notice
from vimmerse.compat.core.record import Record

DEFAULT_BASE_URL = "https://api.vimmerse.net"
MODES = ("lenient", "strict")
_FLAGS = {"max_credits": "--max-credits", "video_tools": "--video-tool", "image_tools": "--image-tool"}


class _Unset:
    """The default of an argument that the environment may set, as ``help(Policy)`` shows it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<unset>"


_UNSET: Any = _Unset()


class Origin(NamedTuple):
    """Host, port and path prefix of a base URL.

    The port is None for the default ports of both http and https, since v1's documentation mixes the schemes.
    """

    host: str
    port: int | None
    prefix: str


def origin_of(base_url: str) -> Origin:
    """Return the origin of a valid URL."""
    parts = urlsplit(base_url)
    port = None if parts.port in (None, 80, 443) else parts.port
    return Origin(_ascii((parts.hostname or "").lower()).rstrip("."), port, parts.path.rstrip("/"))


def _ascii_url(url: str) -> str:
    """Return a URL whose host is written as libraries write it, so that every call to it is recognized as one."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host.isascii():
        return url
    return parts._replace(netloc=parts.netloc.lower().replace(host, _ascii(host))).geturl()


def _ascii(host: str) -> str:
    """Return a host as libraries write it in a URL."""
    if host.isascii():
        return host
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host  # libraries reject it


class Policy(Record):
    """How v1 calls are translated. Immutable; share it between clients and threads.

    Creating a policy does not read the environment. :meth:`from_env` does, and so does every entry point, for the
    settings that its policy leaves unset.

    Args:
        mode: ``"lenient"`` (default) translates what it can, warns about what is lost and forwards the rest to v1.
            ``"strict"`` raises :class:`TranslationError` if anything would be lost.
        video_tools: v1 tool name to v2 tool name, before the built-in table (``{"RunwayML": "Vidu"}``).
        image_tools: The same for image tools.
        base_url: Where v2 is, and v1 for forwarded calls. A path prefix is kept. Default
            ``https://api.vimmerse.net``.
        api_key: Used where the caller's own request has no ``X-Api-Key``; see ``supply_key``.
        max_credits: Reject a call whose estimate is above this many credits, before anything is sent.
        on_warning: Called with each :class:`Notice`, instead of Python's ``warnings``.
        supply_key: ``"always"``, or ``"status"`` for v1's status route alone (the gateway's default).
        limits: Limits of a v1 body; a body above them is forwarded to v1 unchanged.
        advice: Whether messages name a setting as an argument of this class (``"python"``) or as a command-line
            option (``"flags"``).

    Raises:
        TypeError, ValueError: The message names the argument, and never contains a value that may be a key.
    """

    __slots__ = (  # in the order of __init__
        *("mode", "video_tools", "image_tools", "base_url", "api_key"),
        *("max_credits", "on_warning", "supply_key", "limits", "advice"),
        *("origin", "unset"),
    )
    _unseen = frozenset({"api_key", "origin", "unset"})

    def __init__(
        self,
        *,
        mode: Literal["lenient", "strict"] = _UNSET,
        video_tools: Mapping[str, str] = MappingProxyType({}),
        image_tools: Mapping[str, str] = MappingProxyType({}),
        base_url: str = _UNSET,
        api_key: str | None = _UNSET,
        max_credits: float | None = None,
        on_warning: Callable[[Notice], object] | None = None,
        supply_key: Literal["always", "status"] = "always",
        limits: Limits = LIMITS,
        advice: Literal["python", "flags"] = "python",
    ) -> None:
        api_key = conceal(api_key)  # first, so that no local variable in a traceback contains the key
        empty = {"video_tools": not video_tools, "image_tools": not image_tools, "max_credits": max_credits is None}
        missing = {"mode": mode is _UNSET, "base_url": base_url is _UNSET, "api_key": api_key is _UNSET}
        unset = frozenset([name for name, is_unset in (empty | missing).items() if is_unset])
        mode = "lenient" if mode is _UNSET else mode
        base_url = DEFAULT_BASE_URL if base_url is _UNSET else base_url
        api_key = None if api_key is _UNSET else api_key
        _check_types(
            mode=(mode, str, "text"),
            base_url=(base_url, str, "text"),
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
        if advice not in ("python", "flags"):
            raise ValueError(f"advice is {advice!r}; it must be 'python' or 'flags'")
        self.mode: Literal["lenient", "strict"] = mode
        self.video_tools: Mapping[str, str] = MappingProxyType(dict(video_tools))
        self.image_tools: Mapping[str, str] = MappingProxyType(dict(image_tools))
        self.base_url: str = _ascii_url(base_url.rstrip("/"))
        self.api_key: str | None = reveal(api_key)
        self.max_credits = max_credits
        self.on_warning = on_warning
        self.supply_key = supply_key
        self.limits = limits
        self.advice = advice
        self.origin: Origin = origin_of(base_url)  # parsed once
        self.unset = unset  # settings that entry points take from the environment

    @classmethod
    def from_env(cls, **arguments: Any) -> Self:
        """Return a policy with these arguments; those that are missing or None come from the environment.

        The variables are ``VIMMERSE_API_KEY``, ``VIMMERSE_BASE_URL`` and ``VIMMERSE_COMPAT_MODE``. If empty or blank,
        they count as unset.

        Raises:
            TypeError, ValueError: The message names the argument or variable, and never contains a value that may be a
                key.
        """
        conceal_api_key(arguments)
        given = {name: value for name, value in arguments.items() if value is not None}
        return cls(**_settings_from_env(_VARIABLES.keys() - given.keys()), **given)

    def filled_from_env(self) -> Self:
        """Return the policy with its unset settings taken from the environment."""
        changes = _settings_from_env(_VARIABLES.keys() & self.unset)
        return self.replace(**changes) if changes else self

    def replace(self, **changes: Any) -> Self:
        """Return the policy with the arguments in ``changes``; also ``copy.replace(policy, ...)`` from Python 3.13 on.

        Raises:
            TypeError, ValueError: As for the class.
        """
        conceal_api_key(changes)
        return type(self)(**{**self.arguments(), **changes})

    def how_to_set(self, setting: Literal["max_credits", "video_tools", "image_tools"], tool: str = "") -> str:
        """Return how the caller changes a setting, for a message. ``tool``: the v1 name in one of the tables."""
        if self.advice == "flags":
            return f"{_FLAGS[setting]} {tool}=..." if tool else _FLAGS[setting]
        return f"Policy({setting}={{{tool!r}: ...}})" if tool else f"Policy({setting}=...)"

    def arguments(self) -> dict[str, Any]:
        """Return the keyword arguments that create an equal policy, of types that can be pickled."""
        excluded = {"origin", "unset", *self.unset}
        values = {name: getattr(self, name) for name in self.__slots__ if name not in excluded}
        return {name: dict(value) if isinstance(value, Mapping) else value for name, value in values.items()}

    def __eq__(self, other: object) -> bool:
        """Whether both translate in the same way; ``on_warning`` and ``advice`` do not count."""
        if not isinstance(other, Policy):
            return NotImplemented
        names = [name for name in self.__slots__ if name not in ("on_warning", "advice", "origin", "unset")]
        return all(getattr(self, name) == getattr(other, name) for name in names)

    def __reduce__(self) -> tuple[Any, ...]:
        return _policy, (self.arguments(),)


def conceal_api_key(arguments: Any) -> None:  # a dict, or a TypedDict of any kind
    """Conceal the key in these keyword arguments, in place, since the caller's frame has the same ``dict``."""
    if "api_key" in arguments:
        arguments["api_key"] = conceal(arguments["api_key"])


def _policy(arguments: dict[str, Any]) -> Policy:
    conceal_api_key(arguments)
    return Policy(**arguments)


def _check_types(**arguments: tuple[object, Any, str]) -> None:
    for name, (value, kind, what) in arguments.items():
        if not isinstance(value, kind):
            hint = "; pass a policy as policy=..." if isinstance(value, Policy) else ""
            raise TypeError(f"{name} must be {what}, not {type(value).__name__}{hint}")


def _quoted(value: str) -> str:
    """Return the value as part of a message, unless it may be a key that was passed by mistake."""
    return f" is {value!r}; it" if len(value) <= 12 and value.isalpha() else ""


def check_mode(value: str) -> None:
    """Raise ``ValueError`` unless this is a mode."""
    if value not in MODES:
        raise ValueError(f"mode{_quoted(value)} must be 'lenient' or 'strict'")


def check_max_credits(value: Any) -> None:
    """Raise ``TypeError`` or ``ValueError`` unless this is a number of credits."""
    try:
        is_valid = value >= 0
    except ArithmeticError:  # Decimal("NaN")
        is_valid = False
    except TypeError:
        raise TypeError(f"max_credits must be a number of credits, not {type(value).__name__}") from None
    if not is_valid:
        raise ValueError(f"max_credits is {value!r}; it must be a number of credits, 0 or more")


def check_base_url(value: str) -> None:
    """Raise ``ValueError`` unless this can be a base URL. The message omits it: it may contain a key or password."""
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
        # An invalid host name would raise errors of any type in the libraries, in the middle of a call.
        longest = max(map(len, host.removesuffix(".").split(".")))
        if len(host) > 253 or longest > 63 or ".." in host or host.startswith("."):
            raise ValueError
        if not host.isascii():
            host.encode("idna")
    except ValueError:
        raise ValueError("base_url is not a URL") from None
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("base_url must have no credentials, query or fragment")
    if parts.scheme not in ("http", "https") or not host or " " in value or not value.isprintable():
        raise ValueError("base_url must be an http or https URL with a host, such as https://api.vimmerse.net")


def check_api_key(value: str | Concealed) -> None:
    """Raise ``TypeError`` or ``ValueError`` unless this can be sent as a header. The message omits the value."""
    value = conceal(value)
    if not isinstance(reveal(value), str):
        raise TypeError(f"api_key must be text, not {type(reveal(value)).__name__}")
    if not _is_sendable(reveal(value)):
        # Checked here, since the errors of the HTTP libraries would quote it.
        raise ValueError("api_key must be printable ASCII text without spaces around it, and not blank")


def _is_sendable(key: str) -> bool:
    return bool(key) and key == key.strip() and key.isascii() and key.isprintable()


API_KEY_VARIABLE = "VIMMERSE_API_KEY"
BASE_URL_VARIABLE = "VIMMERSE_BASE_URL"
MODE_VARIABLE = "VIMMERSE_COMPAT_MODE"
_VARIABLES: Mapping[str, tuple[str, Callable[[Any], None]]] = {
    "mode": (MODE_VARIABLE, check_mode),
    "base_url": (BASE_URL_VARIABLE, check_base_url),
    "api_key": (API_KEY_VARIABLE, check_api_key),
}


def _settings_from_env(names: Collection[str]) -> dict[str, Any]:
    """Return those of these settings that the environment has; a key is concealed."""
    return {name: value for name in _VARIABLES if name in names and (value := _from_env(name))}


def _from_env(setting: str) -> Any:
    """Return the value of a setting's variable, or None if it is unset; a key is concealed."""
    variable, check = _VARIABLES[setting]
    text = conceal(os.environ.get(variable, "").strip())
    if not reveal(text):
        return None
    if setting != "api_key":
        text = reveal(text).lower() if setting == "mode" else reveal(text)
    try:
        check(text)
    except ValueError as error:
        reason = str(error).replace(f"{setting} ", "", 1)
        raise ValueError(f"the environment variable {variable} can't be used: it {reason}") from None
    return text
