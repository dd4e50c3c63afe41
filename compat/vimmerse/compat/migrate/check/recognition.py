"""Which addresses are v1 calls, and what the translation's own rules say about a call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl

from vimmerse.compat.core.fields import Fields
from vimmerse.compat.core.messages import Notice, UploadPart, is_secret
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.routing import OPERATIONS, V1_HOST, find_v1_call, locate
from vimmerse.compat.migrate.check.findings import Finding, Knowledge, Note, NoteKind
from vimmerse.compat.migrate.check.keys import is_key
from vimmerse.compat.rules.engine import Operation, translate_body
from vimmerse.compat.rules.kinds import ValueTable
from vimmerse.compat.rules.values import IMAGE_TOOLS, VIDEO_TOOLS

#: Stands in a text for a part that is known at run time only.
WILDCARD = "\x00"


class Unknown:
    """A value that is known at run time only."""


UNKNOWN = Unknown()

#: An address with v1's path (group 1) at a host that is known at run time only.
UNKNOWN_HOST = re.compile(
    rf"(?:https?://)?{WILDCARD}+(?:://{WILDCARD}+)?(?::(?:{WILDCARD}|\d+))?(/(?:story|media)(?:[/?].*)?)"
)
_HOST = rf"https?://{re.escape(V1_HOST)}(:\d+)?"
_BASE_URL = re.compile(rf"{_HOST}/*", re.IGNORECASE)
_UNKNOWN_PATH = re.compile(rf"{_HOST}(/?[^/]*{WILDCARD}|/(story|media)/[^/]+/[^/]*{WILDCARD})", re.IGNORECASE)
#: The resources that only v1 has, as the beginning of a path.
RESOURCES = r"/(?:image|video|audio|text/prompt|workflow|batch|asset|customer-statistics)(?![\w.-])"
_RESOURCE = re.compile(RESOURCES)
#: The user and password, and the query, of a URL in a text.
_SECRET_OF_URL = re.compile(r"""(://)[^/?#@\s"']+(?=@)|(?<=://)([^?#\s"']+\?)[^#\s"']+""")
_MAX_ADDRESS = 2000  # characters; servers accept no more
_METHODS = tuple(dict.fromkeys(operation.method for operation in OPERATIONS.values()))
_POLICY = Policy()  # not Policy.from_env(): the report depends on the files alone
_NOTE_KINDS: Mapping[str, NoteKind] = {"deprecated": "changed", "lossy": "lost", "passthrough": "stays"}
_TOOLS: Mapping[str, ValueTable] = {"video_tool": VIDEO_TOOLS, "image_tool": IMAGE_TOOLS}
_RULE_NOTES: Mapping[str, NoteKind] = {"dropped": "lost", "approximated": "depends", "unsupported": "depends"}


@dataclass
class CallPayload:
    """The fields that a call sends, as far as they are known.

    ``values``: by name; ``UNKNOWN`` where only the name is known. ``complete``: whether there are no other fields.
    """

    values: dict[str, Any] = field(default_factory=dict)
    encoding: Literal["none", "form", "multipart", "json"] = "none"
    complete: bool = True

    def add_query(self, query: str) -> CallPayload:
        """Add the fields of a query, unless the payload has them already."""
        for name, value in parse_qsl(query, keep_blank_values=True):
            if WILDCARD in name:
                self.complete = False
            else:
                self.values.setdefault(name, UNKNOWN if WILDCARD in value else value)
        return self

    @property
    def knowledge(self) -> Knowledge:
        """How much of it is known."""
        if not self.values:
            return "none" if self.complete else "unknown"
        return "all" if self.complete and UNKNOWN not in self.values.values() else "some"


@dataclass(frozen=True)
class V1Address:
    """The address of a v1 call: the operations that it may be, the path to show, and the query.

    A resource that only v1 has belongs to no operation; ``method``: its method, if known.
    """

    operations: tuple[Operation, ...]
    path: str
    query: str
    method: str = ""

    @property
    def call(self) -> str:
        """The methods and the path."""
        methods = "|".join(operation.method for operation in self.operations) or self.method
        return f"{methods} {self.path}".lstrip()


@dataclass(frozen=True)
class V1Call:
    """A v1 call in a program. ``payload``: None where nothing is known of its fields."""

    address: V1Address
    payload: CallPayload | None

    def finding(self, path: str, line: int, column: int) -> Finding:
        """What the check reports of this call."""
        operations = self.address.operations
        fields: Knowledge = "unknown"
        notes: tuple[Note, ...] = ()
        if len(operations) == 1:
            notes = tuple(_notes(operations[0], self.payload or CallPayload()))
            if not operations[0].rules:
                fields = "none"
            elif self.payload is not None:
                fields = self.payload.knowledge
        if not operations:
            fields, notes = "none", (Note("stays", "", _only_v1(self.address)),)
        v1, v2 = tuple(operation.v1 for operation in operations), tuple(operation.v2 for operation in operations)
        return Finding(path, line, column, self.address.call, v1, v2, fields, notes)


def recognise(address: str, method: str = "") -> V1Address | None:
    """Return the v1 call at an address, or None. Without a method, it may be several operations."""
    if len(address) > _MAX_ADDRESS:
        return None
    url = address.replace(WILDCARD, "WILDCARD")
    calls = [find_v1_call(each, url, _POLICY) for each in ([method] if method else _METHODS)]
    operations = tuple(call.operation for call in calls if call is not None)
    if not operations:
        target = locate(url, _POLICY)
        if target is None or _RESOURCE.match(target.decoded) is None:
            return None
    elif not method:
        # A path that names an operation, such as /story/idea-2-video, is not /story/{story_id}.
        operations = tuple(each for each in operations if "{" not in each.path) or operations
    path, _, query = address.partition("#")[0].partition("?")
    start = path.index("/", path.index("//") + 2)
    return V1Address(operations, path[start:].replace(WILDCARD, "{...}"), query, method)


def _only_v1(address: V1Address) -> str:
    if address.path.strip("/") == "image" and address.method in ("", "POST"):
        return "v2 has no such resource; its upload of images is POST /v2/image"
    return "v2 has no such resource"


def is_base_url(address: str) -> bool:
    """Whether this is v1's address with no path."""
    return _BASE_URL.fullmatch(address) is not None


def has_unknown_path(address: str) -> bool:
    """Whether this is an address of the API whose path is known at run time only."""
    return _UNKNOWN_PATH.match(address) is not None


def _notes(operation: Operation, payload: CallPayload) -> Iterator[Note]:
    if not operation.v2:
        yield Note("stays", "", operation.note.partition(":")[0])
        return
    unknown = [name for name, value in payload.values.items() if value is UNKNOWN]
    known = {name: value for name, value in payload.values.items() if value is not UNKNOWN}
    # A name that neither version has is lost whatever its value is.
    known |= {name: "..." for name in unknown if name not in operation.by_field}
    # No report contains a key or a password.
    known = {
        name: "..."
        if is_secret(name) or (name not in operation.by_field and is_key(value))
        else _without_secrets(value)
        for name, value in known.items()
    }
    sent = {name: values for name, value in known.items() if (values := _as_sent(value, payload))}
    translation = translate_body(operation, Fields(sent), _POLICY)
    if translation.passthrough_reason:
        yield Note("stays", "", translation.passthrough_reason)
    else:
        for notice in translation.notices:
            kind: NoteKind = "unknown" if _is_unknown_tool(notice) else _NOTE_KINDS[notice.kind]
            yield Note(kind, notice.field, notice.text.removeprefix(f"{operation.v1}: "))
    yield from _notes_by_rule(operation, unknown)


def _without_secrets(value: Any) -> Any:
    """A value whose URLs have neither a password nor a query, which may be signed."""
    if isinstance(value, str):
        return _SECRET_OF_URL.sub(lambda match: f"{match[1] or match[2]}...", value)
    if isinstance(value, list):
        return [_without_secrets(each) for each in value]
    return value


def _is_unknown_tool(notice: Notice) -> bool:
    """Whether a notice is about the name of a tool that is in no table, but near one that is."""
    table = _TOOLS.get(notice.v2_field)
    if table is None or not isinstance(notice.value, str):
        return False
    return table.look_up(notice.value, _POLICY)[1] == "same" and table.suggestion(notice.value) != ""


def _notes_by_rule(operation: Operation, names: Iterable[str]) -> Iterator[Note]:
    """The rules of fields whose values are not known."""
    for name in names:
        rule = operation.by_field.get(name)
        if rule is None or rule.kind == "same":
            continue
        target = f"{name} -> {rule.to}" if rule.to and rule.to != name else name
        yield Note(_RULE_NOTES.get(rule.kind, "changed"), name, f"{target}: {rule.note}")


def _as_sent(value: Any, payload: CallPayload) -> list[Any]:
    """A field's values as the v1 server would get them: a form turns all of them into text."""
    if payload.encoding == "json":
        return [value]
    values = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return [each if isinstance(each, UploadPart) else str(each) for each in values if each is not None]
