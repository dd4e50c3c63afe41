"""cassettes/README.md: what each cassette contains and where it came from, read from the cassettes themselves.

python -m tests.recorded.table          writes it; scripts/record calls it
"""

from __future__ import annotations

import re

import yaml

from tests.recorded.scrub import CASSETTES

README = CASSETTES / "README.md"
PARTS = {
    "v1": ("v1 itself", "Every v1 operation in both v1 revisions, with plain `requests`."),
    "shim": (
        "The same calls through the compat layer",
        "The v2 requests of each of those v1 calls, including uploads, follow-ups and lookups, and the v1 answer.",
    ),
    "flows": ("Whole flows", "From the first call to the finished video, in v1's format and with v2's typed client."),
    "resources": ("The methods of `Vimmerse`", "Every method of the resources, as either client sends it."),
    "outcomes": (
        "Calls that end otherwise",
        "Refused and failed v1 calls through the compat layer, and every status of a job. Each has the v1 answer, too.",
    ),
    "fields": (
        "A call for each rule",
        "Every field of every v1 operation, and each name in the tables of tools, through the compat layer, with the "
        "v1 answer. All were recorded from the emulator. `_defaults` has v1's own default in each field, and `_empty` "
        "no value in any.",
    ),
    "documented": ("Documented responses", "Written from the examples of the vendor's pages, not recorded."),
}
HEAD = """# Cassettes

Recorded exchanges that pin the behaviour of the clients and the compat layer. The tests in `tests/recorded/` replay
them without a network. The first line of a cassette names its source; nothing was recorded from the live service unless
it says so. Keys, cookies, dates, ports, ids of customers and the signatures of URLs are removed.

A cassette of the compat layer also has, under `metadata`, what the caller of v1 got: the response and the warnings. The
tests compare it, so they notice what changes on either side.

`scripts/record` records them from the emulator; the result is the same each time. `scripts/record --live` records them
from the service with the key in `VIMMERSE_API_KEY`, which costs credits. If anything fails, no cassette changes.

<!-- Written by scripts/record. Do not edit. -->
"""


def text() -> str:
    """The table."""
    parts = [HEAD]
    for name, (title, what) in PARTS.items():
        if name == "fields":
            parts.append(f"\n## {title}: `{name}/`\n\n{what}\n\n| operation | calls | cassettes |\n|---|---|---|\n")
            for folder in sorted((CASSETTES / name).iterdir()):
                calls = sorted(path.stem for path in folder.glob("*.yaml"))
                shown = ", ".join(f"[{call}]({name}/{folder.name}/{call}.yaml)" for call in calls)
                parts.append(f"| `{folder.name}` | {len(calls)} | {shown} |\n")
            continue
        parts.append(f"\n## {title}: `{name}/`\n\n{what}\n\n| cassette | exchanges | from |\n|---|---|---|\n")
        for path in sorted((CASSETTES / name).glob("*.yaml")):
            content = path.read_text(encoding="utf-8")
            source = _source(content.partition("\n")[0].removeprefix("# "))
            calls = [
                f"`{one['request']['method']} {_path(one['request']['uri'])}`"
                for one in yaml.load(content, LOADER)["interactions"]
            ]
            parts.append(f"| [{path.stem}]({name}/{path.name}) | {_counted(calls)} | {source} |\n")
    return "".join(parts)


#: A safe loader, in C if PyYAML has it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _source(line: str) -> str:
    if line.startswith("Recorded from the vimmerse emulator,"):
        return "recorded: emulator"
    if line.startswith("Recorded from the live service"):
        return "recorded: live service"
    return line.rstrip(".")


def _path(uri: str) -> str:
    return "/" + _ID.sub("{id}", uri.split("/", 3)[3].partition("?")[0])


def _counted(calls: list[str]) -> str:
    shown: list[str] = []
    for call in calls:
        if shown and shown[-1].partition(" x")[0] == call:
            times = int(shown[-1].partition(" x")[2] or 1)
            shown[-1] = f"{call} x{times + 1}"
        else:
            shown.append(call)
    return ", ".join(shown)


if __name__ == "__main__":
    README.write_text(text(), encoding="utf-8")
