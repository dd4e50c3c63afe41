"""docs/migration.md: how every v1 call, field and value translates, generated from the rules."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from types import ModuleType

from vimmerse.compat.flows import responses
from vimmerse.compat.rules import audio, media, story, values
from vimmerse.compat.rules.engine import Rule
from vimmerse.compat.rules.kinds import ValueTable
from vimmerse.compat.rules.response_fields import KINDS as RESPONSE_KINDS
from vimmerse.compat.rules.response_fields import MEDIA_STATUS, OBJECTS, PROGRESS, STORY_STATUS

from scripts._derive_examples import ExampleCode, Examples
from scripts._spec import COMMAND, FORM, MULTIPART, Call, Example, Failure, Spec, note, without_v2

PATH = "docs/migration.md"

#: The examples of an operation, by content type and name, if its first example is not enough.
EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "idea_to_video": ((FORM, "models"),),
    "create_storyboard": ((FORM, "revised"), (MULTIPART, "files")),
    "create_elements": ((FORM, "documented"), (FORM, "storyboard")),
    "create_scenes": ((FORM, "storyboard"),),
    "create_videos": ((FORM, "scenes"),),
    "concat_story": ((FORM, "chosen"),),
    "create_media": ((FORM, "urls"), (MULTIPART, "file")),
    "upload_media": ((MULTIPART, "transition"), (MULTIPART, "several")),
    "update_media": ((FORM, "regenerate"),),
    "edit_media": ((FORM, "metadata"), (FORM, "regenerate")),
}

KINDS = (
    ("same", "the same name and meaning", "nothing", "nothing"),
    ("renamed", "another name, the same meaning", "a deprecation warning", "a deprecation warning"),
    ("converted", "the same meaning with another type or place", "a deprecation warning", "a deprecation warning"),
    ("approximated", "v2 has only something similar", "a lossy warning", "an error"),
    ("dropped", "v2 has no equivalent", "a lossy warning, unless it is v1's default", "an error"),
    ("unsupported", "v2 can't make the call", "the call is forwarded to v1, with a warning", "an error"),
)

#: The tables of response fields that the guide shows, by title.
RESPONSES = {
    "A story": "story",
    "Characters, environments and objects of a storyboard": "element",
    "An entry of a story's `scenes`": "story_scene",
    "A media": "media",
    "An entry of a story's `medias`, besides the fields of a media": "story_media",
    "An entry of a media's `result`": "result",
    "A media's `pose_preset`": "pose_preset",
    "A media's `submit_params`": "submit_params",
    "An error": "error",
}

INTRODUCTION = """\
# From v1 to v2

How every v1 call translates to v2: its fields, its values, its response, and what v2 has no equivalent for.
`vimmerse.compat` does all of this while it runs v1 code; use this guide when you rewrite that code. It is generated
from the tables that the translation uses. The v2 code of each example is the translation of the v1 code above it.

`vimmerse check PATH` finds the v1 calls in your code, and `vimmerse migrate PATH` rewrites those in Python.
`vimmerse translate` translates one call. At run time, the warnings of `vimmerse.compat` name the line, the field and
what to write instead.
"""

GENERAL = """\
## What changes for every call

| | v1 | v2 |
|---|---|---|
| Address | `https://api.vimmerse.net/story`, `/media` | the same host, with `/v2` before the path |
| Key | header `X-Api-Key` | the same |
| Body | a form; numbers and booleans as text, objects and lists as JSON text | JSON with native types |
| Files | in the form | uploaded first, each with `POST /v2/image`, which returns its URL |
| Response | `{"data": {...}}` | the object itself |
| Error | `{"message": "CODE"}` | `{"message": "a sentence", "code": "CODE"}` |
| Update of a media | `PUT /media/{media_id}/edit` | `PUT /v2/media/{media_id}` |
| Progress of a media | a percentage | only `processing_status` |
"""

SETUP = """\
The examples need the following. v1, with requests:
"""

V1_SETUP = """\
import json

import requests

API = "https://api.vimmerse.net"
HEADERS = {"X-Api-Key": "YOUR_API_KEY"}
"""

V2_SETUP = """\
from vimmerse.v2 import Vimmerse

client = Vimmerse()  # the key from VIMMERSE_API_KEY
"""

V2_ERRORS = """\
from vimmerse.v2.errors import ApiError

try:
    story = client.stories.get(story_id)
except ApiError as error:
    print(error.status, error.code, error.message)
"""


def text(v1: Spec, v2: Spec, calls: Sequence[Call]) -> str:
    """The entire guide."""
    written = iter(Examples(v1, v2).write((call, example) for call in calls for example in chosen(call)))
    examples = {call.name: [next(written) for _ in chosen(call)] for call in calls}
    lines = [
        f"<!-- Written by {COMMAND} from openapi/ and compat/vimmerse/compat/rules/. Do not edit: change those,",
        f"then run {COMMAND} again. -->",
        "",
        INTRODUCTION,
        *contents(calls),
        GENERAL,
        *legend(),
        *setup(),
        *resource("Stories", [call for call in calls if call.rules.path.startswith("/story")], examples, story),
        *resource("Media", [call for call in calls if call.rules.path.startswith("/media")], examples, media),
        "## Audio",
        "",
        "v1's flat audio fields become one object, `audio_option`.",
        "",
        *principles(audio),
        "",
        *value_table("Motion types", values.VIDEO_TOOLS, "motion_type", "video_tool"),
        *value_table("Image options", values.IMAGE_TOOLS, "option", "image_tool"),
        *responses_and_errors(v1),
    ]
    return "\n".join(lines).rstrip("\n") + "\n"


def chosen(call: Call) -> Iterator[Example]:
    """The examples of an operation that the guide shows."""
    examples = {(example.kind, example.name): example for example in call.examples()}
    for kind, name in EXAMPLES.get(call.name, (next(iter(examples)),)):
        if (kind, name) not in examples:
            raise Failure(f"openapi/v1.yaml: {call.rules.v1} has no example {name!r} of {kind}, which the guide shows")
        yield examples[kind, name]


# The parts before the calls


def contents(calls: Sequence[Call]) -> Iterator[str]:
    yield from ["## Contents", ""]
    for title in ("What changes for every call", "How to read the tables", "The examples"):
        yield f"- {link(title)}"
    yield "- The calls:"
    yield ""
    yield from table(
        ["v1", "v2", "Paid", "More"],
        [
            [f"`{call.rules.v1}`", f"`{call.rules.v2}`" if call.rules.v2 else "none", paid(call), link(call.name)]
            for call in calls
        ],
    )
    for title in ("Audio", "Motion types", "Image options", "Responses", "Errors"):
        yield f"- {link(title)}"
    yield ""


def paid(call: Call) -> str:
    return {"always": "yes", "update": "by its fields", "never": "no"}[call.rules.paid]


def legend() -> Iterator[str]:
    yield from ["## How to read the tables", ""]
    yield "Each field is of one of these kinds. What `vimmerse.compat` does depends on its mode."
    yield ""
    rows = [[f"**{kind}**", meaning, lenient, strict] for kind, meaning, lenient, strict in KINDS]
    yield from table(["Kind", "Meaning", "Lenient mode (the default)", "Strict mode"], rows)
    yield from paragraph(
        """v1 has two revisions. Original v1 has `option`, `motion_type` and `is_transition: "Yes"`; revised v1 has v2's
        names on v1's paths (`image_tool`, `video_tool`, `audio_option`). The tables list both; if a call has both
        names, revised v1's takes precedence. Fields that a call omits are omitted in v2 too, except for the few whose
        defaults v2 has changed: those are sent."""
    )


def setup() -> Iterator[str]:
    """The code that the examples need."""
    yield from ["## The examples", "", SETUP]
    yield from code(V1_SETUP)
    yield from ["v2, with `vimmerse.v2`; its arguments become the JSON body:", ""]
    yield from code(V2_SETUP)
    yield from paragraph("`story_id` and `media_id` are ids from earlier responses.")


# The calls


def resource(
    title: str, calls: Sequence[Call], examples: dict[str, list[ExampleCode]], module: ModuleType
) -> Iterator[str]:
    yield from [f"## {title}", "", *principles(module), ""]
    printed: Printed = {}
    for call in calls:
        yield from operation(call, examples[call.name], printed)


def principles(module: ModuleType) -> Iterator[str]:
    """The list in the docstring of a module of rules."""
    text = re.sub(r"\n  +", " ", inspect.cleandoc(module.__doc__ or ""))
    for line in text.split("\n"):
        if line.startswith("* "):
            yield f"- {line[2:].replace('``', '`')}"


#: Tables of nested fields that are printed already: by rules, the operation and the field.
Printed = dict[tuple[Rule, ...], tuple[str, str]]


def operation(call: Call, examples: Sequence[ExampleCode], printed: Printed) -> Iterator[str]:
    rules = call.rules
    yield from [f"### {call.name}", ""]
    yield f"`{rules.v1}` becomes `{rules.v2}`." if rules.v2 else f"`{rules.v1}`: v2 has no such call."
    yield ""
    yield from paragraph(f"{call.node['summary'].rstrip('.')}. {without_v2(call.node['description'])}")
    if rules.note:
        yield from paragraph(rules.note)
    if call.fields:
        yield from fields(call)
    for path, inside in rules.nested.items():
        if inside in printed:
            name, field = printed[inside]
            yield from [f"Fields of `{path}`: see those of `{field}` in {link(name)}.", ""]
            continue
        printed[inside] = call.name, path
        yield from [f"Fields of `{path}`:", ""]
        rows = [[f"`{rule.field}`", f"**{rule.kind}**", target(rule), cell(note(rule))] for rule in inside]
        yield from table(["Field", "Kind", "v2", "Translation"], rows)
    for example in examples:
        yield from [f"*{example.title}.* v1:", "", *code(example.before)]
        if example.after:
            yield from ["v2:", "", *code(example.after)]
        else:
            yield from ["v2 can't do this.", ""]
        notices = [each.text.removeprefix(f"{rules.v1}: ") for each in example.notices if each.kind != "deprecated"]
        if notices:
            yield from (f"- {notice}" for notice in notices)
            yield ""


def fields(call: Call) -> Iterator[str]:
    rows = []
    for field in call.fields:
        rule = call.rules.by_field[field.name]
        default = f"`{field.default}`" if field.default else ""
        to = "see below" if field.name in call.rules.nested else target(rule)
        rows.append([f"`{field.name}`", default, f"**{rule.kind}**", to, cell(note(rule))])
    yield from table(["Field", "v1's default", "Kind", "v2", "Translation"], rows)


def target(rule: Rule) -> str:
    return f"`{rule.to}`" if rule.to else ""


# Values and responses


def value_table(title: str, tools: ValueTable, old: str, new: str) -> Iterator[str]:
    yield from [f"## {title}", ""]
    yield from paragraph(
        f"""v1's `{old}` is v2's `{new}`. `Policy({tools.setting}={{...}})` chooses another v2 name and takes
        precedence over this table. Letter case is ignored if a name does not match exactly. A name that is not in the
        table is sent as it is; if it differs from a known one by one or two letters, a warning says so."""
    )
    rows = [[f"`{name}`", f"`{name}`", "**same**"] for name in sorted(tools.same)]
    rows += [[f"`{name}`", f"`{to}`", "**renamed**"] for name, to in sorted(tools.renames.items())]
    rows += [[f"`{name}`", f"`{to}`", "**approximated**"] for name, to in sorted(tools.near.items())]
    rows += [[f"`{name}`", "", f"**unsupported**: {why}"] for name, why in sorted(tools.unsupported.items())]
    yield from table([f"`{old}`", f"`{new}`", "Kind"], rows)


def responses_and_errors(v1: Spec) -> Iterator[str]:
    yield from ["## Responses", ""]
    stamp = "2025-04-01T18:57:37.355064+00:00"
    yield from paragraph(
        f"""v2 returns the object itself: drop the `["data"]` of v1. v1 code that runs through `vimmerse.compat` still
        gets v1's format, with v2's fields beside v1's; storyboards have only v1's `URL`. Times differ by
        one character: `{responses.v1_time(stamp)}` in v1, `{stamp}` in v2."""
    )
    yield from paragraph("The fields of responses have these kinds:")
    yield from [f"- **{kind}**: {meaning}" for kind, meaning in RESPONSE_KINDS.items() if kind != "request-only"]
    yield ""
    for title, name in RESPONSES.items():
        yield from [f"{title}:", "", *table(["v1", "Kind", "v2", "Translation"], response_rows(name))]
    yield from paragraph("Fields that are not in these tables are the same in both versions.")
    yield from ["Statuses:", ""]
    rows = [[f"`{new}`", f"`{old}`"] for new, old in STORY_STATUS.items()]
    yield from table(["A story's `status` in v2", "in v1"], rows)
    rows = [[f"`{new}`", f"`{old}`", str(PROGRESS[old])] for new, old in MEDIA_STATUS.items()]
    yield from table(["A media's `processing_status` in v2", "in v1", "`progress_percentage` in v1"], rows)
    yield from paragraph("Statuses that are not in these tables are the same in both versions.")
    yield from ["## Errors", ""]
    yield from paragraph("The HTTP statuses are the same. v1's `message` is v2's `code`; v2's `message` is a sentence.")
    body = {"message": "Not enough credits.", "code": "INSUFFICIENT_CREDIT"}
    old = responses.error(402, json.dumps(body).encode(), "application/json", {})
    yield from ["An error in v2, and the same error in v1's format, as v1 code gets it from `vimmerse.compat`:", ""]
    yield from ["```json", json.dumps(body), json.dumps(old), "```", ""]
    yield from paragraph("With `vimmerse.v2` every error is an exception, `vimmerse.v2.errors.ApiError`:")
    yield from code(V2_ERRORS)


def response_rows(name: str) -> Iterator[list[str]]:
    """The fields of an object in a response that are not simply the same; those that v1 alone has in one row."""
    shown = [row for row in OBJECTS[name].fields if (row.kind != "same" or row.note) and row.kind != "request-only"]
    if name == "story_media":
        shown = [row for row in shown if row not in OBJECTS["media"].fields]
    for (kind, why), rows in groupby(shown, lambda row: (row.kind, row.note)):
        fields = list(rows)
        for one in [fields] if kind == "v1-only" else [[row] for row in fields]:
            names = ", ".join(f"`{row.v1}`" for row in one)
            source = one[0].v2.removeprefix(".")
            yield [names, f"**{kind}**", f"`{source}`" if source else "", cell(why)]


# Markdown


def link(title: str) -> str:
    return f"[{title}](#{re.sub(r'[^a-z0-9_-]', '', title.lower().replace(' ', '-'))})"


def cell(text: str) -> str:
    return text.replace("|", "\\|")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def paragraph(text: str) -> Iterator[str]:
    yield " ".join(text.split())
    yield ""


def code(text: str) -> Iterator[str]:
    # Not ```python, which would run in the tests of all pages: tests/guide runs these blocks with its own server.
    yield from ["```py", *text.rstrip().split("\n"), "```", ""]
