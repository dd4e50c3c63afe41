"""The rules engine: rules, operations, and the translation of a v1 body into a v2 body.

* Every field of every v1 operation has exactly one rule. A test compares the tables with both specs.
* A rule sees one field. What needs several fields (the audio of a story, the images of a media) is a *finalizer*: it
  runs after the rules of an operation, and the fields that it reads have :func:`kinds.combined` rules.
* Nothing is lost silently: only :meth:`Translation.note_lost` and :meth:`Translation.note_approximated` leave
  something out, and both add a notice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from vimmerse._http.redaction import NO_SECRETS, Secrets
from vimmerse.compat.core.errors import StrictModeError
from vimmerse.compat.core.fields import Fields, Value
from vimmerse.compat.core.messages import Notice, UploadPart
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.rules.conversions import from_text
from vimmerse.compat.rules.targets import V2_FIELDS

Kind = Literal["same", "renamed", "converted", "approximated", "dropped", "unsupported"]

#: Fields that hold objects or arrays, as JSON text in a form: there "null" means null.
OBJECT_FIELDS = frozenset(
    {"audio_option", "elements", "media_items", "pose_preset", "scenes", "storyboard", "submit_params"}
)
REJECTED_BY_SERVER = "v1 returns its own validation error"


class Rule(NamedTuple):
    """How one v1 field translates.

    Attributes:
        to: The v2 field, dotted inside an object (``audio_option.narrator``), or empty.
        note: One sentence for the migration guide.
        paid: Whether this field starts a new, paid generation in an update (``api/v1-media.txt``).
        files: Whether its values are uploaded files, not text.
    """

    field: str
    kind: Kind
    to: str
    note: str
    apply: Callable[[Translation, Value], None]
    paid: bool = False
    files: bool = False


def by_field(rules: tuple[Rule, ...]) -> dict[str, Rule]:
    """Return rules by their field."""
    return {rule.field: rule for rule in rules}


class Operation:
    """One v1 operation: its rules, and the v2 operation that it becomes."""

    def __init__(
        self,
        v1: str,
        v2: str,
        rules: tuple[Rule, ...] = (),
        finalizers: tuple[Callable[[Translation], None], ...] = (),
        paid: Literal["always", "never", "update"] = "never",
        response_kind: Literal["story", "media", "status", "bytes"] = "story",
        note: str = "",
        nested: Mapping[str, tuple[Rule, ...]] = MappingProxyType({}),
        extra_rules: tuple[Rule, ...] = (),
    ) -> None:
        """Raises ``ValueError`` if a rule is incomplete, or a field has two.

        Args:
            v1: ``METHOD /path``, with the specs' own templates.
            v2: The same of v2, or empty if v2 has no such operation.
            paid: Whether the v2 call may cost credits; ``"update"``: only with a field that starts a generation.
            response_kind: The format of the v1 response.
            note: A paragraph for the migration guide.
            nested: The rules of the fields inside an object, by the object's path.
            extra_rules: Rules of fields that v1 documents for a similar operation, and that integrations send here.
        """
        self.v1, self.v2 = v1, v2
        self.rules, self.nested, self.extra_rules = rules, nested, extra_rules
        self.finalizers = finalizers
        self.paid = paid
        self.response_kind = response_kind
        self.note = note
        self.method, _, self.path = v1.partition(" ")
        self.v2_method, _, self.v2_path = v2.partition(" ")
        text = f'{v1} is a v1 call; in v2 it is {v2}, JSON in and out, with no "data" around the response'
        self.notice = Notice("deprecated", v1, "", None, v2, None, text)
        self.by_field = by_field((*rules, *extra_rules))
        if len(self.by_field) < len(rules) + len(extra_rules):
            names = [rule.field for rule in (*rules, *extra_rules)]
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"{v1}: the field {twice!r} has two rules; it must have one")
        for rule in self.by_field.values():
            if not rule.note:
                raise ValueError(f"{v1}: the rule of {rule.field!r} has no note; the guide prints it")
            if not rule.to and rule.kind not in ("dropped", "unsupported"):
                raise ValueError(f"{v1}: the rule of {rule.field!r} says {rule.kind}, but not to which v2 field")


class Translation:
    """A v2 body that rules write to, and the notices about it."""

    def __init__(self, operation: Operation, fields: Fields, policy: Policy, secrets: Secrets = NO_SECRETS) -> None:
        self.operation = operation
        self.policy = policy
        self.secrets = secrets
        self.fields = fields
        self.prefix = ""  # where ``fields`` are in the v1 body: "data.", "pose_preset.Params."
        self.body: dict[str, Any] = {}
        self.notices: list[Notice] = []
        self.losses: list[Notice] = []
        self.passthrough_reason = ""  # why v2 can't do the call at all
        self.passthrough_field = ""  # the field that is the reason, if one is
        self.origins: dict[str, str] = {}  # v2 field to the v1 field that the caller sent
        self.images: list[UploadPart] = []  # to be uploaded first; their URLs replace None in the body
        self.uploads: list[Value] = []  # the images of the form whose nested fields are being read
        self.motions: list[dict[str, Any]] = []  # of a v1 media with several: what differs in each
        self.motion_origins: list[dict[str, str]] = []  # like ``origins``, for each motion
        self.follow_up: dict[str, Any] = {}  # a free update to send once there is an id
        self.paid = False  # whether a field was sent that starts a generation

    def put(self, to: str, value: Any, origin: str = "") -> None:
        """Set a v2 field, dotted inside an object. ``origin`` is the v1 field if its name differs."""
        outer, dot, inner = to.partition(".")
        if dot:
            target = self.body.setdefault(outer, {})
            if not isinstance(target, dict):
                return  # v2 rejects what the caller sent instead of the object
            target[inner] = value
        else:
            self.body[to] = value
        if origin or self.prefix:
            self.origins[to] = self.prefix + (origin or to)

    @contextmanager
    def nested(self, fields: Mapping[str, Value], prefix: str) -> Iterator[None]:
        """Read ``fields``, which are under ``prefix`` in the body, for the length of a ``with`` block."""
        outer = self.fields, self.prefix
        self.fields = Fields({name: [value] for name, value in fields.items()}, "json")
        self.prefix += prefix
        try:
            yield
        finally:
            self.fields, self.prefix = outer

    def note_deprecated(self, name: str, value: Any, to: str, new: Any, why: str = "") -> None:
        """Add a notice: a field has another name or form in v2."""
        self._add_notice("deprecated", name, value, to, new, "is v1; in v2 write", f" ({why})" if why else "")

    def note_approximated(self, name: str, value: Any, to: str, new: Any, lost: str) -> None:
        """Add a notice: v2 has only something similar."""
        self._add_notice("lossy", name, value, to, new, "becomes", f": {lost}")

    def note_changed(self, name: str, value: Any, to: str, new: Any, what: str) -> None:
        """Add a notice: a field keeps its name and value, but something about it differs."""
        self._add_notice("deprecated", name, value, to, new, "is sent as", f": {what}")

    def note_lost(self, name: str, value: Any, why: str) -> None:
        """Add a notice: an explicit value has no equivalent in v2."""
        self._add_notice("lossy", name, value, "", None, "is left out", f": {why}")

    def require_passthrough(self, why: str, field: str = "") -> None:
        """Note that v2 can't do this call at all, because of ``field`` if that is set. The first reason counts."""
        if not self.passthrough_reason:
            self.passthrough_reason = self.secrets.redact(why)
            self.passthrough_field = self.prefix + field if field else ""

    def _add_notice(
        self, kind: Literal["deprecated", "lossy"], name: str, value: Any, to: str, new: Any, verb: str, tail: str
    ) -> None:
        name = self.prefix + name
        secrets = self.secrets if self.secrets.occur_in(f"{name}\n{value!r}\n{new!r}\n{tail}") else NO_SECRETS
        target = f" {to}={show(new, secrets)}" if to else ""
        text = f"{self.operation.v1}: {name}={show(value, secrets)} {verb}{target}{tail}"
        values = shorten(value, secrets), to, shorten(new, secrets)
        notice = Notice(kind, self.operation.v1, secrets.redact(name), *values, secrets.redact(text))
        self.notices.append(notice)
        if kind == "lossy":
            self.losses.append(notice)

    def release(self) -> None:
        """Drop what may be large once the request is built: the response may be as large again."""
        self.fields = Fields()
        self.body = {}

    def check_strict(self) -> None:
        """Raise :class:`StrictModeError` if strict mode is on and something would be lost."""
        if self.policy.mode != "strict" or not (self.losses or self.passthrough_reason):
            return
        reasons = [notice.text.partition(": ")[2] for notice in self.losses]
        if self.passthrough_reason:
            reasons.append(f"v2 can't do this call: {self.passthrough_reason}")
        raise StrictModeError(
            f"{self.operation.v1} was not sent (strict mode): {'; '.join(reasons)}",
            operation=self.operation.v1,
            field=self.losses[0].field if self.losses else "",
        )


def translate_body(operation: Operation, fields: Fields, policy: Policy, secrets: Secrets = NO_SECRETS) -> Translation:
    """Apply an operation's rules to the fields of a v1 body. No notice contains one of ``secrets``."""
    if nulls := [name for name in fields if name in OBJECT_FIELDS and fields[name] == "null"]:
        fields = fields.without(nulls)
    translation = Translation(operation, fields, policy, secrets)
    apply_rules(translation, operation.by_field)
    for finalize in operation.finalizers:
        finalize(translation)
    return translation


def apply_rules(translation: Translation, rules: Mapping[str, Rule]) -> None:
    """Apply ``rules`` to the fields that ``translation`` is reading."""
    fields = translation.fields
    for name, value in fields.items():
        rule = rules.get(name)
        if rule is None:
            _apply_unknown(translation, name, value)
        elif value is None:
            continue
        elif (rule.files or fields.kind == "multipart") and (wrong := _wrong_kind(translation, rule)):
            translation.require_passthrough(f"{translation.prefix}{name} {wrong}; {REJECTED_BY_SERVER}", name)
        else:
            if rule.paid and value != "":
                translation.paid = True
            rule.apply(translation, value)


def _wrong_kind(translation: Translation, rule: Rule) -> str:
    """Return what is wrong with a field that has text instead of a file, or the other way round; empty if nothing."""
    for value in translation.fields.getlist(rule.field):
        if isinstance(value, UploadPart) != rule.files:
            if rule.files:
                return f"is text ({show(value, translation.secrets)}), but must be a file"
            return "is a file, but must be text"
    return ""


def _apply_unknown(translation: Translation, name: str, value: Value) -> None:
    """Translate a field without a rule. It is sent as it is, with a notice, if the v2 operation has it."""
    operation = translation.operation
    from_response = is_response(translation.fields)
    if from_response and operation.paid == "update":
        return  # it must not make a free edit a paid one
    if not translation.prefix and name in V2_FIELDS.get(operation.v2, ()):
        if isinstance(value, UploadPart):
            translation.require_passthrough(f"{name} is a file, but must be text; {REJECTED_BY_SERVER}", name)
            return
        new = from_text(value)
        translation.put(name, new)
        translation.paid = True  # the free fields of an update have rules
        # v1 ignored it, so that a program may send it by mistake. A call without a body in v1 sends v2 its own.
        if operation.by_field and not from_response:
            paid = " It starts a new, paid generation." if operation.paid == "update" else ""
            translation.note_changed(name, value, name, new, f"v1 has no such field, and ignored it; v2 has it.{paid}")
    elif from_response:
        return  # the caller never chose what only responses have
    elif value is not None and value != "" and not (isinstance(value, UploadPart) and not value.filename):
        translation.note_lost(name, value, "neither v1 nor v2 has such a field")


def is_response(fields: Fields) -> bool:
    """Return whether this is a response that the caller sends back, changed or not: it has an id and a status."""
    return fields.is_set("id") and (fields.is_set("status") or fields.is_set("processing_status"))


def show(value: Any, secrets: Secrets = NO_SECRETS) -> str:
    """Return the beginning of a value (which may be an entire storyboard) for a one-line text, without ``secrets``."""
    if isinstance(value, UploadPart):
        return f"<file {secrets.redact(value.filename)!r}>"
    text = secrets.redact(repr(value))  # before it is truncated, which may make a key unrecognisable
    return text if len(text) <= 60 else text[:56] + "..." + text[-1]


def shorten(value: Any, secrets: Secrets = NO_SECRETS) -> Any:
    """Return a value for a :class:`Notice`: the value itself if it is small, else the beginning of its text."""
    if value is None or isinstance(value, bool | int | float):
        return secrets.redact_value(value)
    if isinstance(value, str):
        value = secrets.redact(value)
        return value if len(value) <= 200 else value[:200] + "..."
    return show(value, secrets)
