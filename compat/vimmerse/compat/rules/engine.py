"""The rules engine: what a rule is, what an operation is, and how a v1 body becomes a v2 body.

Laws:

* Every field of every v1 operation has exactly one rule; ``vimmerse.compat.rules`` holds them as tables, and a test
  walks both specs to prove it.
* A rule is data: its ``kind``, ``to`` and ``note`` are printed in the migration guide; its ``apply`` is what they say.
* A rule sees one field. What needs several (the audio of a story, the images of a media) is a *finisher*, run
  after the rules of an operation, and the fields that it reads have :func:`combined` rules naming it.
* Nothing is lost in silence: only :meth:`Translation.note_lost` and :meth:`Translation.note_approximated` leave
  something out, and both add a notice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from vimmerse.compat.core.errors import StrictModeError
from vimmerse.compat.core.fields import Fields, Value
from vimmerse.compat.core.messages import Notice, UploadPart
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.core.record import Record
from vimmerse.compat.core.redaction import NO_SECRETS, Secrets
from vimmerse.compat.rules.conversions import from_text

Kind = Literal["same", "renamed", "converted", "approximated", "dropped", "unsupported"]


class Rule(NamedTuple):
    """What becomes of one v1 field.

    ``to``: the v2 field, dotted where it lies inside an object (``audio_option.narrator``); empty for nowhere.
    ``note``: one sentence for the migration guide.
    ``paid``: naming this field in an update starts a new, paid generation (``api/v1-media.txt``).
    """

    field: str
    kind: Kind
    to: str
    note: str
    apply: Callable[[Translation, Value], None]
    paid: bool = False
    files: bool = False  # its values are uploaded files, not text


class Operation(Record):
    """One v1 operation: its rules, what finishes its body, and how it is held.

    ``v1`` and ``v2`` are ``METHOD /path`` with the specs' own templates. ``v2`` is empty where v2 has no such call.
    ``paid``: whether the v2 call may cost credits -- ``"update"`` means only where a generation field is sent.
    ``response_kind`` names the shape of the v1 response. ``inside`` has the rules of a field's nested fields, by path.
    ``extra_rules`` has rules of fields that v1 documents for another call of the same kind, and callers give here.
    """

    __slots__ = (  # in the order of __init__
        *("v1", "v2", "rules", "finalizers", "paid", "response_kind", "note", "inside", "extra_rules"),
        *("by_field", "method", "path", "v2_method", "v2_path", "notice"),
    )
    _unseen = frozenset({"inside", "extra_rules", "by_field", "method", "path", "v2_method", "v2_path", "notice"})
    v1: str
    v2: str
    rules: tuple[Rule, ...]
    finalizers: tuple[Callable[[Translation], None], ...]
    paid: Literal["always", "never", "update"]
    response_kind: Literal["story", "media", "status", "bytes"]
    note: str
    inside: Mapping[str, tuple[Rule, ...]]
    extra_rules: tuple[Rule, ...]
    # What follows from the fields above, computed once: a call looks at each of them.
    by_field: Mapping[str, Rule]
    method: str
    path: str
    v2_method: str
    v2_path: str
    notice: Notice

    def __init__(
        self,
        v1: str,
        v2: str,
        rules: tuple[Rule, ...] = (),
        finalizers: tuple[Callable[[Translation], None], ...] = (),
        paid: Literal["always", "never", "update"] = "never",
        response_kind: Literal["story", "media", "status", "bytes"] = "story",
        note: str = "",
        inside: Mapping[str, tuple[Rule, ...]] = MappingProxyType({}),
        extra_rules: tuple[Rule, ...] = (),
    ) -> None:
        """Raises ``ValueError`` where a rule is not whole."""
        self._fill(v1=v1, v2=v2, rules=rules, finalizers=finalizers, paid=paid, response_kind=response_kind, note=note)
        self._fill(inside=inside, extra_rules=extra_rules)
        method, _, path = v1.partition(" ")
        v2_method, _, v2_path = v2.partition(" ")
        text = f'{v1} is a v1 call; in v2 it is {v2}, JSON in and out, with no "data" around the answer'
        notice = Notice("deprecated", v1, "", None, v2, None, text)
        self._fill(method=method, path=path, v2_method=v2_method, v2_path=v2_path, notice=notice)
        by_field: dict[str, Rule] = {}
        for rule in (*rules, *extra_rules):
            if rule.field in by_field:
                raise ValueError(f"{v1}: the field {rule.field!r} has two rules; it must have one")
            if not rule.note:
                raise ValueError(f"{v1}: the rule of {rule.field!r} has no note; the guide prints it")
            if not rule.to and rule.kind not in ("dropped", "unsupported"):
                raise ValueError(f"{v1}: the rule of {rule.field!r} says {rule.kind}, but not to which v2 field")
            by_field[rule.field] = rule
        self._fill(by_field=by_field)

    def replace(self, **changes: Any) -> Operation:
        """The same operation but for these arguments."""
        given = ("v1", "v2", "rules", "finalizers", "paid", "response_kind", "note", "inside", "extra_rules")
        return Operation(**{**{name: getattr(self, name) for name in given}, **changes})


class Translation:
    """A v2 body in the making: what the rules write to, and what there is to say about it."""

    __slots__ = (
        "body",
        "fields",
        "follow_up",
        "images",
        "losses",
        "motion_origins",
        "motions",
        "notices",
        "operation",
        "origins",
        "paid",
        "passthrough_reason",
        "policy",
        "prefix",
        "secrets",
        "uploads",
    )

    def __init__(self, operation: Operation, fields: Fields, policy: Policy, secrets: Secrets = NO_SECRETS) -> None:
        self.operation = operation
        self.policy = policy
        self.secrets = secrets
        self.fields = fields
        self.body: dict[str, Any] = {}
        self.notices: list[Notice] = []
        self.losses: list[Notice] = []
        self.passthrough_reason = ""  # why the call as a whole can't be had from v2
        self.origins: dict[str, str] = {}  # v2 field to the v1 field that the caller wrote
        self.images: list[UploadPart] = []  # to be uploaded first; their URLs take the place of None in the body
        self.uploads: list[Value] = []  # what came as files beside the fields being read
        self.motions: list[dict[str, Any]] = []  # where one v1 media holds several: what differs in each
        self.motion_origins: list[dict[str, str]] = []  # as origins, for each of the motions
        self.follow_up: dict[str, Any] = {}  # a free update to make once there is an id
        self.paid = False  # a field was named that starts a generation
        self.prefix = ""  # where the fields being read lie in the v1 body: "data.", "pose_preset.Params."

    # What rules do

    def put(self, to: str, value: Any, origin: str = "") -> None:
        """Set a v2 field; a dot steps into an object. ``origin`` is the v1 field, where its name differs."""
        outer, dot, inner = to.partition(".")
        if dot:
            holder = self.body.setdefault(outer, {})
            if not isinstance(holder, dict):
                return  # the caller gave something else for the whole object: v2 has the words for that
            holder[inner] = value
        else:
            self.body[to] = value
        if origin or self.prefix:
            self.origins[to] = self.prefix + (origin or to)

    def inside(self, fields: Fields, prefix: str) -> _Inside:
        """Read ``fields``, which lie under ``prefix``, for the length of a ``with`` block."""
        return _Inside(self, fields, self.prefix + prefix)

    def note_deprecated(self, name: str, value: Any, to: str, new: Any, why: str = "") -> None:
        """Say that a field has another name or form in v2."""
        self._say("deprecated", name, value, to, new, "is v1; in v2 write", f" ({why})" if why else "")

    def note_approximated(self, name: str, value: Any, to: str, new: Any, lost: str) -> None:
        """Say that v2 has only something near."""
        self._say("lossy", name, value, to, new, "becomes", f": {lost}")

    def note_changed(self, name: str, value: Any, to: str, new: Any, what: str) -> None:
        """Say what the caller should know about a field that keeps its name and value."""
        self._say("deprecated", name, value, to, new, "is sent as", f": {what}")

    def note_lost(self, name: str, value: Any, why: str) -> None:
        """Say that an explicit value has no place in v2."""
        self._say("lossy", name, value, "", None, "is left out", f": {why}")

    def require_passthrough(self, why: str) -> None:
        """Say that v2 can't do this call at all; the first reason stays."""
        if not self.passthrough_reason:
            self.passthrough_reason = self.secrets.redact(why)

    def _say(
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
        """Let go of what may be large, once the request is made: the answer is as large again."""
        self.fields = _NO_FIELDS
        self.body = {}

    def check_strict(self) -> None:
        """Raise :class:`StrictModeError` where strict mode would lose something."""
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


_NO_FIELDS = Fields()
# Fields that hold objects or arrays, as JSON text on a form: there "null" says what null says in JSON.
_OBJECTS = (
    *("audio_option", "elements", "media_items", "pose_preset"),
    *("scenes", "storyboard", "submit_params"),
)


class _Inside:
    """See :meth:`Translation.inside`."""

    __slots__ = ("_fields", "_made", "_prefix")

    def __init__(self, translation: Translation, fields: Fields, prefix: str) -> None:
        self._made, self._fields, self._prefix = translation, fields, prefix

    def __enter__(self) -> None:
        self._swap()

    def __exit__(self, *error: object) -> None:
        self._swap()

    def _swap(self) -> None:
        translation = self._made
        translation.fields, self._fields = self._fields, translation.fields
        translation.prefix, self._prefix = self._prefix, translation.prefix


def translate_body(operation: Operation, fields: Fields, policy: Policy, secrets: Secrets = NO_SECRETS) -> Translation:
    """Apply an operation's rules to the fields of a v1 body. ``secrets`` are taken out of what is said."""
    if any(fields.get(name) == "null" for name in _OBJECTS):
        fields = fields.without([name for name in _OBJECTS if fields.get(name) == "null"])
    translation = Translation(operation, fields, policy, secrets)
    apply_rules(translation, operation.by_field)
    for finisher in operation.finalizers:
        finisher(translation)
    return translation


def apply_rules(translation: Translation, rules: Mapping[str, Rule]) -> None:
    """Apply ``rules`` to the fields that ``made`` is reading."""
    fields = translation.fields
    with_files = fields.kind == "multipart"
    for name, value in fields.items():
        rule = rules.get(name)
        if rule is None:
            _unknown(translation, name, value)
            continue
        if value is None:
            continue
        if with_files or rule.files:
            wrong = _file_or_text(translation, rule)
            if wrong:
                translation.require_passthrough(f"{translation.prefix}{name} holds {wrong}, which v1 has the words for")
                continue
        if rule.paid and value != "":
            translation.paid = True
        rule.apply(translation, value)


def _file_or_text(translation: Translation, rule: Rule) -> str:
    """What stands where it does not belong, if anything does: v1 refuses it, so v1 shall say so."""
    for value in translation.fields.getlist(rule.field):
        if isinstance(value, UploadPart) != rule.files:
            return (
                f"text ({show(value, translation.secrets)}) where a file belongs"
                if rule.files
                else "a file where text belongs"
            )
    return ""


def is_answer(fields: Fields) -> bool:
    """Whether this is a whole answer that the caller sends back, changed or not: it has an id and a status."""
    return fields.is_set("id") and (fields.is_set("status") or fields.is_set("processing_status"))


def _unknown(translation: Translation, name: str, value: Value) -> None:
    # A field that v1 never knew: the v2 operation may, and then it is passed on.
    from vimmerse.compat.rules.targets import V2_FIELDS

    if not translation.prefix and name in V2_FIELDS.get(translation.operation.v2, ()):
        if isinstance(value, UploadPart):
            translation.require_passthrough(f"{name} holds a file where text belongs, which v1 has the words for")
            return
        translation.put(name, from_text(value))
        translation.paid = True  # the free fields of an update have rules of their own
    elif is_answer(translation.fields):
        return  # what only answers have was never the caller's to choose
    elif value is not None and value != "" and not (isinstance(value, UploadPart) and not value.filename):
        translation.note_lost(name, value, "neither v1 nor v2 has such a field")


# Showing values to people. A value may be a whole storyboard: a warning shows its beginning.


def show(value: Any, secrets: Secrets = NO_SECRETS) -> str:
    """A value for a one-line text, without ``secrets``."""
    if isinstance(value, UploadPart):
        return f"<file {secrets.redact(value.filename)!r}>"
    # First the secrets: of one that is cut off, not all can be recognised.
    text = secrets.redact(repr(value))
    return text if len(text) <= 60 else text[:56] + "..." + text[-1]


def shorten(value: Any, secrets: Secrets = NO_SECRETS) -> Any:
    """A value for a :class:`Notice`: itself if it is small, else its beginning as text."""
    if value is None or isinstance(value, bool | int | float):
        return secrets.redact_value(value)
    if isinstance(value, str):
        value = secrets.redact(value)
        return value if len(value) <= 200 else value[:200] + "..."
    return show(value, secrets)
