"""The keys of rows, which name their jobs in the ledger and their files."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from typing import Any

from vimmerse.batch.records import canonical

MAX_KEY = 100  # characters; 200 bytes leave room for -2.mp4.part in a file's name
_MAX_BYTES = 200
_FORBIDDEN = frozenset('/\\:*?"<>|')


def key_problem(key: str) -> str:
    """Return why a text can't be a key, or empty text. Downloads are named after keys."""
    if not key:
        return "it is empty"
    if len(key) > MAX_KEY or len(key.encode(errors="replace")) > _MAX_BYTES:
        return f"it is too long; at most {MAX_KEY} characters and {_MAX_BYTES} bytes are possible"
    wrong = next((letter for letter in key if letter in _FORBIDDEN or not letter.isprintable()), "")
    if wrong:
        return f"it contains {wrong!r}, which no file's name can have; files are named after keys"
    if key[0] in ".-" or key != key.strip() or key.endswith("."):
        return "it begins with a dot or hyphen, or ends with a dot or space; files are named after keys"
    return ""


def folded(key: str) -> str:
    """Return what two keys have in common that would name the same file, on systems that ignore case."""
    return unicodedata.normalize("NFC", key).casefold()


def derived_key(operation: str, body: Mapping[str, Any]) -> str:
    """Return the key of a row that has none: it follows from what the row asks for."""
    digest = hashlib.sha256(f"{operation}\n{canonical(body)}".encode()).hexdigest()
    return f"{operation}-{digest[:20]}"
