"""What a saved request sends: its address, and the fields of its body. ``WILDCARD`` stands for unknown parts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from vimmerse.compat.core.messages import UploadPart
from vimmerse.compat.flows.routing import V1_HOST
from vimmerse.compat.migrate.check.recognition import (
    UNKNOWN,
    UNKNOWN_HOST,
    WILDCARD,
    CallPayload,
    V1Call,
    has_unknown_path,
    recognise,
)

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_UNQUOTED_WILDCARD = re.compile(rf"(?<=[:,\[])\s*+{WILDCARD}+\s*+(?=[,}}\]])")
_PART_NAME = re.compile(r"""(?i)^Content-Disposition:[^\n]*;\s*name="?([^";\n]+)"?""", re.MULTILINE)
_FILE_NAME = re.compile(r"""(?i)^Content-Disposition:[^\n]*;\s*filename="?([^";\n]+)"?""", re.MULTILINE)


def sent_request(method: str, url: str, payload: CallPayload, *, mentions_v2: bool) -> list[V1Call | None]:
    """The v1 call that a request is, if any; None for a request that may be one, which only a run tells.

    ``mentions_v2``: whether the file has v2's addresses too, so that an unknown host may end in ``/v2``.
    """
    unknown_host = UNKNOWN_HOST.fullmatch(url)
    if unknown_host is not None:
        url = f"https://{V1_HOST}{WILDCARD if mentions_v2 else ''}{unknown_host[1]}"
    elif "://" not in url:
        url = f"https://{url}"
    method = method.upper()
    address = recognise(url, method if method in _METHODS else "")
    if address is not None:
        return [V1Call(address, payload.add_query(address.query))]
    return [None] if has_unknown_path(url) else []


def add_field(payload: CallPayload, name: str, value: Any) -> None:
    """Add a field; one that is sent several times has a list of values."""
    if not name or WILDCARD in name:
        payload.complete = False
        return
    if isinstance(value, str) and WILDCARD in value:
        value = UNKNOWN
    add_value(payload, name, value)


def add_value(payload: CallPayload, name: str, value: Any) -> None:
    """Add a value to those that a field has: several are a list."""
    before = payload.values.get(name)
    if before is None or before is UNKNOWN or value is UNKNOWN:
        payload.values[name] = value
    else:
        payload.values[name] = [*(before if isinstance(before, list) else [before]), value]


def add_file(payload: CallPayload, name: str, filename: str = "") -> None:
    """Add a file of a multipart form."""
    add_field(payload, name, UploadPart(name, filename.replace(WILDCARD, "...") or "...", "", b""))


def add_fields(payload: CallPayload, fields: Iterable[tuple[str, Any]]) -> None:
    """Add several fields."""
    for name, value in fields:
        add_field(payload, name, value)


def add_body(payload: CallPayload, text: str, content_type: str) -> None:
    """Add the fields of a body as it is sent. Of a body that can't be read, no field is known."""
    kind = content_type.partition(";")[0].strip().lower()
    if not text.strip():
        return
    if kind.endswith("json") or (not kind and text.lstrip()[:1] == "{"):
        _add_json(payload, text)
    elif kind == "application/x-www-form-urlencoded":
        payload.encoding = "form"
        # Several lines are one body, in files of requests.
        joined = re.sub(r"\s*\n\s*", "", text.strip())
        if joined[:2] in ("< ", "<@"):  # the content of a file
            payload.complete = False
        else:
            fields = parse_qsl(joined, keep_blank_values=True)
            add_fields(payload, ((name.strip(), value.strip()) for name, value in fields))
    elif kind == "multipart/form-data":
        _add_multipart(payload, text, content_type)
    else:
        payload.complete = False


def _add_json(payload: CallPayload, text: str) -> None:
    payload.encoding = "json"
    try:
        value = json.loads(_UNQUOTED_WILDCARD.sub(f'"{WILDCARD}"', text), strict=False)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict):
        for name, each in value.items():
            # An object or a list with an unknown part is unknown.
            add_field(payload, name, WILDCARD if WILDCARD in json.dumps(each, ensure_ascii=False) else each)
    else:
        payload.complete = False


def _add_multipart(payload: CallPayload, text: str, content_type: str) -> None:
    payload.encoding = "multipart"
    boundary = re.search(r'boundary="?([^";\s]+)', content_type)
    if boundary is None:
        payload.complete = False
        return
    for part in text.split(f"--{boundary[1]}")[1:]:
        head, _, content = part.strip("\r\n").partition("\n\n")
        name, filename = _PART_NAME.search(head), _FILE_NAME.search(head)
        if name is None:
            payload.complete = payload.complete and part.strip() in ("", "--")
        elif filename is not None:
            add_file(payload, name[1], filename[1])
        else:
            # ``< file`` stands for the content of a file.
            add_field(payload, name[1], WILDCARD if content.startswith("< ") else content.rstrip("\r\n"))
