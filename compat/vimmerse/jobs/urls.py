"""The URLs of files: which ones are followed, and how they are shown. Their query may be what grants access."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit


def checked_url(url: str) -> str:
    """Return ``url`` if a file may be downloaded from it.

    Raises:
        ValueError: it is not an http or https URL with a host, or has credentials. The message has no secret.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        raise ValueError("it is not a URL") from None
    if not usable:
        shown = repr(safe_url(url)) if "://" in url else "the address"  # text that is not a URL may be a key
        raise ValueError(f"{shown} is not an http or https URL with a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"{safe_url(url)!r} must have no credentials")
    return url


def safe_url(url: str) -> str:
    """``url`` without query, fragment and credentials."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def describe_error(error: Exception, url: str) -> str:
    """An error's type and text, without the query of ``url``."""
    query = urlsplit(url).query
    text = f"{type(error).__name__}: {error}".removesuffix(": ")
    return text.replace(query, "...") if query else text
