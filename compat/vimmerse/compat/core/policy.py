"""What the caller may decide: :class:`Policy`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Self
from urllib.parse import urlsplit

from vimmerse.compat.core.forms import LIMITS, Limits
from vimmerse.compat.core.messages import Notice
from vimmerse.compat.core.record import Record
from vimmerse.compat.core.redaction import Hidden, hidden, revealed

DEFAULT_BASE_URL = "https://api.vimmerse.net"
MODES = ("lenient", "strict")
_FLAGS = {"max_credits": "--max-credits", "video_tools": "--video-tool", "image_tools": "--image-tool"}


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
    from vimmerse.compat.runtime.settings import from_environment

    return from_environment(name)


class Origin(NamedTuple):
    """Where a base URL is. The default ports of http and https are one place, None: v1's own pages mix the schemes."""

    host: str
    port: int | None
    prefix: str


def origin_of(base_url: str) -> Origin:
    """The origin and path prefix of a URL, which must be one."""
    parts = urlsplit(base_url)
    port = None if parts.port in (None, 80, 443) else parts.port
    return Origin(_ascii((parts.hostname or "").lower()).rstrip("."), port, parts.path.rstrip("/"))


def _ascii(host: str) -> str:
    """A host as libraries write it in a URL."""
    if host.isascii():
        return host
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host  # no library sends there


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
    ``advice``: whether texts name a setting as an argument of this class (``"python"``), or as a command line's
    option (``"flags"``: ``vimmerse run``, ``serve`` and ``translate``).

    The environment is read once, when a policy is made; under ``vimmerse run``, the limit and the tables of its
    options stand where none are given here. Raises ``TypeError`` or ``ValueError`` that names the argument
    or the variable at fault; a value that may be a key is not part of the text.
    """

    __slots__ = (  # in the order of __init__
        *("mode", "video_tools", "image_tools", "base_url", "api_key"),
        *("max_credits", "on_warning", "supply_key", "limits", "advice"),
        "origin",
    )
    _unseen = frozenset({"api_key", "origin"})
    mode: Literal["lenient", "strict"]
    video_tools: Mapping[str, str]
    image_tools: Mapping[str, str]
    base_url: str
    api_key: str | None
    max_credits: float | None
    on_warning: Callable[[Notice], object] | None
    supply_key: Literal["always", "status"]
    limits: Limits
    advice: Literal["python", "flags"]
    origin: Origin  # of the base URL, so that no call needs to read it

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
        advice: Literal["python", "flags"] = "python",
    ) -> None:
        # First of all: no local variable of a frame that raises holds the key.
        api_key = hidden(_setting("api_key", api_key))
        mode, base_url = _setting("mode", mode), _setting("base_url", base_url)
        # Under `vimmerse run`, what its options say.
        video_tools = _setting("video_tools", _ENVIRONMENT if video_tools == {} else video_tools)
        image_tools = _setting("image_tools", _ENVIRONMENT if image_tools == {} else image_tools)
        max_credits = _setting("max_credits", _ENVIRONMENT if max_credits is None else max_credits)
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
        self._fill(
            mode=mode,
            video_tools=MappingProxyType(dict(video_tools)),
            image_tools=MappingProxyType(dict(image_tools)),
            base_url=base_url.rstrip("/"),
            api_key=revealed(api_key),
            max_credits=max_credits,
            on_warning=on_warning,
            supply_key=supply_key,
            limits=limits,
            advice=advice,
            origin=origin_of(base_url),
        )

    def replace(self, **changes: Any) -> Self:
        """The same policy but for these arguments; also ``copy.replace(policy, ...)`` from Python 3.13 on."""
        conceal(changes)
        return type(self)(**{**self.arguments(), **changes})

    def how_to_set(self, setting: Literal["max_credits", "video_tools", "image_tools"], tool: str = "") -> str:
        """How the caller gives a setting, for the text of an advice. ``tool``: v1's name, where it is a table."""
        if self.advice == "flags":
            return f"{_FLAGS[setting]} {tool}=..." if tool else _FLAGS[setting]
        return f"Policy({setting}={{{tool!r}: ...}})" if tool else f"Policy({setting}=...)"

    def arguments(self) -> dict[str, Any]:
        """The keyword arguments that make an equal policy, in types that pickle."""
        values = {name: getattr(self, name) for name in self.__slots__ if name != "origin"}
        return {name: dict(value) if isinstance(value, Mapping) else value for name, value in values.items()}

    def __eq__(self, other: object) -> bool:
        """Whether both translate alike; who hears of it, and in which words (``advice``), does not count."""
        if not isinstance(other, Policy):
            return NotImplemented
        apart = {"on_warning": None, "advice": None}
        return {**self.arguments(), **apart} == {**other.arguments(), **apart}

    __hash__ = Record.__hash__

    def __reduce__(self) -> tuple[Any, ...]:
        return _policy, (self.arguments(),)


def conceal(arguments: Any) -> None:  # a dict, or a TypedDict of any kind
    """Hide the key among these keyword arguments, in place: the caller's frame has the same ``dict``."""
    if "api_key" in arguments:
        arguments["api_key"] = hidden(arguments["api_key"])


def _policy(arguments: dict[str, Any]) -> Policy:
    conceal(arguments)
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
    """Raise ``ValueError`` unless this can be a base URL. It is not quoted: it may be a key, or hold a password."""
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
        # What is no name would be an error of the libraries, of any type, in the middle of a call.
        longest = max(map(len, host.removesuffix(".").split(".")))
        if len(host) > 253 or longest > 63 or ".." in host or host.startswith("."):
            raise ValueError
        if not host.isascii():
            host.encode("idna")
    except ValueError:
        raise ValueError("base_url is no URL") from None
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("base_url must have no credentials, query or fragment")
    if parts.scheme not in ("http", "https") or not host or " " in value or not value.isprintable():
        raise ValueError("base_url must be an http or https URL with a host, such as https://api.vimmerse.net")


def check_api_key(value: str | Hidden) -> None:
    """Raise ``TypeError`` or ``ValueError`` unless this can be sent as a header. The text never has the value."""
    value = hidden(value)
    if not isinstance(revealed(value), str):
        raise TypeError(f"api_key must be text, not {type(revealed(value)).__name__}")
    if not _can_be_sent(revealed(value)):
        # Checked here, since the errors of the layers below would quote it.
        raise ValueError("api_key must be printable ASCII text without spaces around it, and not blank")


def _can_be_sent(key: str) -> bool:
    return bool(key) and key == key.strip() and key.isascii() and key.isprintable()
