"""docs/migration.md: what becomes of every v1 call, field and value, from the rules themselves."""

from __future__ import annotations

import inspect
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from types import ModuleType

from vimmerse.compat.flows import responses as answers
from vimmerse.compat.rules import audio, media, story, values
from vimmerse.compat.rules.engine import Rule
from vimmerse.compat.rules.kinds import ValueTable

from scripts._derive_examples import Examples, Shown
from scripts._spec import COMMAND, FORM, MULTIPART, Call, Example, Failure, Spec, note, only_v2, without_v2

PATH = "docs/migration.md"

#: Where the first example of an operation shows too little: those that show more, by content type and name.
PICKED: dict[str, tuple[tuple[str, str], ...]] = {
    "idea_to_video": ((FORM, "models"),),
    "create_storyboard": ((FORM, "late"), (MULTIPART, "files")),
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
    ("renamed", "another name, the same meaning", "a deprecation warning", "the same"),
    ("converted", "the same meaning, of another type or in another place", "a deprecation warning", "the same"),
    ("approximated", "v2 has only something near", "a lossy warning", "an error"),
    ("dropped", "v2 has nothing for it", "a lossy warning, unless it is v1's default", "an error"),
    ("unsupported", "v2 can't do the call", "the call goes to v1, with a warning", "an error"),
)

INTRODUCTION = """\
# From v1 to v2

What becomes of every v1 call: its fields, its values, its answer, and what v2 has no place for. `vimmerse.compat` does
all of this while it runs v1 code; this guide is for the day when you rewrite that code. It is written from the same
tables that the translation uses, and the code after each "v2" is what the translation makes of the code before it.

To find the v1 calls in your code: `vimmerse check PATH`. To see what one call becomes: `vimmerse translate`. To be told
at run time: the warnings of `vimmerse.compat` name the line, the field and what to write instead.
"""

GENERAL = """\
## What changes for every call

| | v1 | v2 |
|---|---|---|
| Address | `https://api.vimmerse.net/story`, `/media` | the same host, with `/v2` before the path |
| Key | header `X-Api-Key` | the same |
| Body | a form; numbers and booleans as text, objects and lists as JSON text | JSON, each of its own type |
| Files | in the form itself | uploaded first, each through `POST /v2/image`, which answers its URL |
| Answer | `{"data": {...}}` | the object itself |
| Error | `{"message": "CODE"}` | `{"message": "a sentence", "code": "CODE"}` |
| Update of a media | `PUT /media/{media_id}/edit` | `PUT /v2/media/{media_id}` |
| Progress of a media | a percentage | `processing_status` alone |
"""

SETTING = """\
The examples take this for granted. Before, with requests:
"""

UPLOAD = '''\
def upload(path):
    """The URL of an image that the service keeps."""
    with open(path, "rb") as file:
        return upload_image.sync(client=client, body=UploadImageRequest(image_file=File(file))).results[0]
'''


def text(v1: Spec, v2: Spec, calls: Sequence[Call]) -> str:
    """The whole guide."""
    examples = Examples(v1, v2)
    shown = {call.name: [examples.show(call, example) for example in picked(call)] for call in calls}
    lines = [
        f"<!-- Written by {COMMAND} from openapi/ and compat/vimmerse/compat/rules/. Do not edit: change those,",
        f"then run {COMMAND} again. -->",
        "",
        INTRODUCTION,
        *contents(calls),
        GENERAL,
        *legend(),
        *setting(shown),
        *resource("Stories", [call for call in calls if call.rules.path.startswith("/story")], shown, story),
        *resource("Media", [call for call in calls if call.rules.path.startswith("/media")], shown, media),
        "## Audio",
        "",
        "v1's flat audio fields become one object, `audio_option`.",
        "",
        *laws(audio),
        "",
        *value_table("Motion types", values.VIDEO_TOOLS, "motion_type", "video_tool"),
        *value_table("Image options", values.IMAGE_TOOLS, "option", "image_tool"),
        *shown_answers(v1),
    ]
    return "\n".join(lines).rstrip("\n") + "\n"


def picked(call: Call) -> Iterator[Example]:
    found = list(call.examples())
    for kind, name in PICKED.get(call.name, ((found[0].kind, found[0].name),)):
        chosen = [example for example in found if (example.kind, example.name) == (kind, name)]
        if not chosen:
            raise Failure(f"openapi/v1.yaml: {call.rules.v1} has no example {name!r} of {kind}, which the guide shows")
        yield chosen[0]


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
    for title in ("Audio", "Motion types", "Image options", "Answers", "Errors"):
        yield f"- {link(title)}"
    yield ""


def paid(call: Call) -> str:
    return {"always": "yes", "update": "by its fields", "never": "no"}[call.rules.paid]


def legend() -> Iterator[str]:
    yield from ["## How to read the tables", ""]
    yield "Each field is of one of these kinds. What `vimmerse.compat` does about it depends on its mode."
    yield ""
    rows = [[f"**{kind}**", meaning, lenient, strict] for kind, meaning, lenient, strict in KINDS]
    yield from table(["Kind", "Meaning", "Lenient mode (the default)", "Strict mode"], rows)
    yield from paragraph(
        """v1 code comes in two dialects, that of 2025 (`option`, `motion_type`, `is_transition: "Yes"`) and a late one
        with names of v2 (`image_tool`, `video_tool`, `audio_option`). Both are listed; where a call has both names, the
        newer one wins. A field that is left out stays left out, but for the few whose defaults v2 has changed: those
        are sent."""
    )


def setting(shown: dict[str, list[Shown]]) -> Iterator[str]:
    """The code that the examples need."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for found in shown.values():
        for example in found:
            for module, name in example.imports:
                wanted[module].add(name)
    uploads = any("upload(" in example.after for found in shown.values() for example in found)
    if uploads:
        wanted["vimmerse.v2.api.image"].add("upload_image")
        wanted["vimmerse.v2.models"].add("UploadImageRequest")
        wanted["vimmerse.v2.types"].add("File")
    yield from ["## The examples", "", SETTING]
    before = ["import json", "", "import requests", "", 'API = "https://api.vimmerse.net"']
    yield from code([*before, 'HEADERS = {"X-Api-Key": "YOUR_API_KEY"}'])
    yield from ["After, with `vimmerse.v2`; its models are what goes into the JSON body:", ""]
    lines = sorted(f"import {name}" for name in wanted.pop("", ()))
    lines += ["from vimmerse.v2 import AuthenticatedClient"]
    for module in sorted(wanted):
        lines += import_lines(module, sorted(wanted[module]))
    lines += ["", "client = AuthenticatedClient()  # the key from VIMMERSE_API_KEY"]
    if uploads:
        lines += ["", "", *UPLOAD.rstrip().split("\n")]
    yield from code(lines)
    yield from paragraph("`story_id` and `media_id` are ids that an earlier call has answered.")


def import_lines(module: str, names: list[str]) -> list[str]:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= 100:
        return [line]
    return [f"from {module} import (", *(f"    {name}," for name in names), ")"]


# The calls


def resource(title: str, calls: Sequence[Call], shown: dict[str, list[Shown]], module: ModuleType) -> Iterator[str]:
    yield from [f"## {title}", "", *laws(module), ""]
    told: Told = {}
    for call in calls:
        yield from operation(call, shown[call.name], told)


def laws(module: ModuleType) -> Iterator[str]:
    """The laws that a module of rules opens with."""
    said = re.sub(r"\n  +", " ", inspect.cleandoc(module.__doc__ or ""))
    for line in said.split("\n"):
        if line.startswith("* "):
            plain = re.sub(r" \(``Draft[^)]*\)|, and never through the core's hands", "", line[2:])
            yield f"- {re.sub('``', '`', plain)}"


#: Tables of fields inside fields that have been printed: in which call, and where.
Told = dict[tuple[Rule, ...], tuple[str, str]]


def operation(call: Call, shown: Sequence[Shown], told: Told) -> Iterator[str]:
    rules = call.rules
    yield from [f"### {call.name}", ""]
    yield f"`{rules.v1}` becomes `{rules.v2}`." if rules.v2 else f"`{rules.v1}`: v2 has no such call."
    yield ""
    yield from paragraph(f"{call.node['summary'].rstrip('.')}. {without_v2(call.node['description'])}")
    if rules.note:
        yield from paragraph(rules.note)
    if call.fields:
        yield from fields(call)
    for path, inside in rules.inside.items():
        if inside in told:
            name, known = told[inside]
            yield from [f"Inside `{path}`: as inside `{known}` of {link(name)}.", ""]
            continue
        told[inside] = call.name, path
        yield from [f"Inside `{path}`:", ""]
        rows = [[f"`{rule.field}`", f"**{rule.kind}**", target(rule), cell(note(rule))] for rule in inside]
        yield from table(["Field", "Kind", "v2", "What happens"], rows)
    for example in shown:
        yield from [f"*{example.title}.* v1:", "", *code(example.before.split("\n"))]
        if example.after:
            yield from ["v2:", "", *code(example.after.split("\n"))]
        else:
            yield from ["v2 can't do this.", ""]
        said = [notice.text.removeprefix(f"{rules.v1}: ") for notice in example.notices if notice.kind != "deprecated"]
        yield from (f"- {line}" for line in said)
        if said:
            yield ""


def fields(call: Call) -> Iterator[str]:
    rows = []
    for field in call.fields:
        rule = call.rules.by_field[field.name]
        default = f"`{field.default}`" if field.default else ""
        to = "see below" if field.name in call.rules.inside else target(rule)
        rows.append([f"`{field.name}`", default, f"**{rule.kind}**", to, cell(note(rule))])
    yield from table(["Field", "v1's default", "Kind", "v2", "What happens"], rows)


def target(rule: Rule) -> str:
    return f"`{rule.to}`" if rule.to else ""


# Values and answers


def value_table(title: str, found: ValueTable, old: str, new: str) -> Iterator[str]:
    yield from [f"## {title}", ""]
    yield from paragraph(
        f"""v1's `{old}` is v2's `{new}`. Choose another v2 name with `Policy({found.setting}={{...}})`, which goes
        before this table. Upper and lower case make no difference where a name isn't found as it is written. A name
        that is not in the table is passed on as it is; where it is one or two letters from one that is, a warning says
        so."""
    )
    rows = [[f"`{name}`", f"`{name}`", "**same**"] for name in sorted(found.same)]
    rows += [[f"`{name}`", f"`{to}`", "**renamed**"] for name, to in sorted(found.renames.items())]
    rows += [[f"`{name}`", f"`{to}`", "**approximated**"] for name, to in sorted(found.near.items())]
    rows += [[f"`{name}`", "", f"**unsupported**: {why}"] for name, why in sorted(found.unsupported.items())]
    yield from table([f"`{old}`", f"`{new}`", "Kind"], rows)


def shown_answers(v1: Spec) -> Iterator[str]:
    yield from ["## Answers", ""]
    stamp = "2025-04-01T18:57:37.355064+00:00"
    yield from paragraph(
        f"""v2 answers with the object itself: drop the `["data"]` of v1. v1 code that runs through `vimmerse.compat`
        keeps seeing v1's shape, with v2's fields beside v1's; in a storyboard v1's `URL` stands alone. Times differ by
        one character: `{answers.v1_time(stamp)}` in v1, `{stamp}` in v2."""
    )
    for title, name in (("A story", "Story"), ("A media", "Media")):
        rows = [
            [f"`{field}`", cell(without_v2(schema["description"])), cell(only_v2(schema["description"]))]
            for field, schema in v1.schemas[name]["properties"].items()
            if only_v2(schema["description"]) and not field.endswith("_at")
        ]
        yield from [f"{title}:", "", *table(["v1", "Meaning", "v2"], rows)]
    yield from ["Statuses:", ""]
    rows = [[f"`{new}`", f"`{old}`"] for new, old in answers.STORY_STATUS.items()]
    yield from table(["A story's `status` in v2", "in v1"], rows)
    names = [*answers.MEDIA_STATUS.items(), ("success", "success")]
    rows = [[f"`{new}`", f"`{old}`", str(answers.progress(old))] for new, old in names]
    yield from table(["A media's `processing_status` in v2", "in v1", "`progress_percentage` in v1"], rows)
    yield from paragraph("A status that is in neither table is the same in both versions.")
    yield from ["## Errors", ""]
    yield from paragraph("The HTTP statuses are the same. v1's `message` is v2's `code`; v2's `message` is for people.")
    body = {"message": "Not enough credits.", "code": "INSUFFICIENT_CREDIT"}
    old = answers.error(402, json.dumps(body).encode(), "application/json", {})
    yield from ["v2, and below it the same error as v1 code sees it through `vimmerse.compat`:", ""]
    yield from ["```json", json.dumps(body), json.dumps(old), "```", ""]
    yield from paragraph("With `vimmerse.v2` every error is an exception, `vimmerse.v2.errors.ApiError`:")
    yield from code(
        [
            "from vimmerse.v2.errors import ApiError",
            "",
            "try:",
            "    story = get_story.sync(story_id, client=client)",
            "except ApiError as error:",
            "    print(error.status, error.code, error.message)",
        ]
    )


# Markdown


def link(title: str) -> str:
    return f"[{title}](#{re.sub(r'[^a-z0-9_-]', '', title.lower().replace(' ', '-'))})"


def cell(words: str) -> str:
    return words.replace("|", "\\|")


def table(head: Iterable[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    names = list(head)
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def paragraph(words: str) -> Iterator[str]:
    yield " ".join(words.split())
    yield ""


def code(lines: Iterable[str]) -> Iterator[str]:
    # Not ```python: these lines need no service to be true; tests/guide runs them against a server of its own.
    yield "```py"
    yield from lines
    yield "```"
    yield ""
