"""Make texts of callers and servers safe to show: on one line, and without the keys of the call."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

PLACEHOLDER = "[key]"
#: Shorter keys are not replaced: their letters occur in other words.
SHORTEST = 6
_ENDS = ("...", "…")
_USERINFO = re.compile(r"(?<=://)[^/?#]*@")
_PLAIN = re.compile(r"[A-Za-z0-9_.~-]*", re.ASCII)


def one_line(text: str) -> str:
    """Return ``text`` with all that is not printable escaped: line ends, terminal sequences, changes of direction."""
    if text.isprintable():
        return text
    return "".join([char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text])


def without_userinfo(url: str) -> str:
    """Return a URL without credentials, which the libraries send as a header."""
    return _USERINFO.sub("", url, count=1) if "@" in url else url


def shown_url(text: str) -> str:
    """Return an http(s) URL without credentials, query and fragment. Anything else is not shown: it may be a key."""
    try:
        parts = urlsplit(text)
        if parts.scheme in ("http", "https") and parts.hostname:
            return one_line(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}")
    except ValueError:  # half an IPv6 address
        pass
    return "an address that is not an http or https URL"


class Concealed:
    """Hides a value from every ``repr`` while it is passed on. :func:`reveal` returns it."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "<concealed>"


def conceal(value: Any) -> Any:
    """Return text as a :class:`Concealed`; anything else as it is."""
    return Concealed(value) if isinstance(value, str | bytes) else value


def reveal(value: Any) -> Any:
    """Return what :func:`conceal` was given."""
    return value._value if isinstance(value, Concealed) else value


class Secrets:
    """The keys of one call, which are redacted from all that is shown, logged or kept."""

    __slots__ = ("_forms", "_keys")

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._keys = tuple([key for key in keys if len(key) >= SHORTEST])
        # Nearly all keys are written in one way only. The forms of others are made when they are first needed.
        self._forms = self._keys if all(map(_PLAIN.fullmatch, self._keys)) else None

    def __bool__(self) -> bool:
        return bool(self._keys)

    def __reduce__(self) -> tuple[object, ...]:
        return Secrets, ()  # a pickle contains none

    def occur_in(self, text: str) -> bool:
        """Return whether ``text`` contains a key in any encoding, or the beginning of a truncated one."""
        for form in self._all() if self._forms is None else self._forms:
            if form in text or (
                form[:SHORTEST] in text and any(_without_cut(text, form, end) != text for end in _ENDS)
            ):
                return True
        return False

    def redact(self, text: str) -> str:
        """Return ``text`` without the keys, and without the beginning of a truncated one."""
        if not self._keys:
            return text
        for form in self._all() if self._forms is None else self._forms:
            if form[:SHORTEST] in text:
                text = text.replace(form, PLACEHOLDER)
                for end in _ENDS:
                    text = _without_cut(text, form, end)
        return text

    def redact_bytes(self, content: bytes) -> bytes:
        """Return ``content`` without the keys."""
        for form in self._all() if self._forms is None else self._forms:
            searched = form.encode()
            if searched in content:
                content = content.replace(searched, PLACEHOLDER.encode())
        return content

    def redact_value(self, value: Any) -> Any:
        """Return ``value`` itself if it contains no key, else its text or ``repr`` without the key."""
        if value is None or isinstance(value, bool) or not self._keys:
            return value
        if isinstance(value, str):
            return self.redact(value)
        text = repr(value)
        redacted = self.redact(text)
        return value if redacted == text else redacted

    def _all(self) -> tuple[str, ...]:
        # The longest first: one form may be part of another.
        forms = sorted({form for key in self._keys for form in _forms(key)}, key=len, reverse=True)
        self._forms = tuple(forms)
        return self._forms


NO_SECRETS = Secrets()


def _forms(key: str) -> Iterator[str]:
    """Yield the ways to write a key: as it is, percent-encoded, in JSON (also nested), in HTML, in a ``repr``."""
    yield key
    if _PLAIN.fullmatch(key):
        return
    for encoded in (quote(key, safe=""), quote(key), quote_plus(key)):
        yield encoded
        yield re.sub("%..", lambda match: match[0].lower(), encoded)
    for once in (json.dumps(key)[1:-1], json.dumps(key).replace("/", "\\/")[1:-1]):
        yield once
        yield json.dumps(once)[1:-1]
        yield repr(once)[1:-1]
    for special in ("[<>&]", "[<>&'+]"):  # as JSON is written for web pages: by Go and Rails; by .NET
        for number in ("\\u{:04x}", "\\u{:04X}"):
            yield re.sub(special, lambda match, number=number: number.format(ord(match[0])), json.dumps(key)[1:-1])
    in_html = html.escape(key, quote=False)
    yield in_html
    for quotes in (("&quot;", "&#x27;"), ("&#34;", "&#39;"), ("&quot;", "&#39;")):
        yield in_html.replace('"', quotes[0]).replace("'", quotes[1])
    yield " ".join(key.split())  # quoted on one line
    slashed = key.replace("\\", "\\\\")
    yield slashed
    yield slashed.replace("'", "\\'")


def _without_cut(text: str, form: str, end: str) -> str:
    """Return ``text`` without truncated beginnings of ``form``, each followed by ``end``."""
    pieces = text.split(end)
    for index, piece in enumerate(pieces[:-1]):
        for size in range(min(len(form), len(piece)), SHORTEST - 1, -1):
            if piece.endswith(form[:size]):
                pieces[index] = piece[:-size] + PLACEHOLDER
                break
    return end.join(pieces)
