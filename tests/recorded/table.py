"""cassettes/README.md: what each cassette holds and where it came from, read from the cassettes themselves.

python -m tests.recorded.table          writes it; scripts/record calls it
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml

HOME = Path(__file__).resolve().parents[2]
FOLDER = HOME / "cassettes"
README = FOLDER / "README.md"
PARTS = {
    "v1": ("v1 as it answers itself", "Every v1 operation in both of v1's dialects, by plain `requests`."),
    "shim": (
        "The same calls through the shim",
        "What each of those v1 calls becomes on v2: uploads, follow-ups and look-ups included.",
    ),
    "flows": ("Whole flows", "From the first call to the finished video, in v1's shape and by v2's typed client."),
    "documented": ("Documented answers", "What the vendor's pages show. Written, not recorded."),
}
HEAD = """# Cassettes

Exchanges that pin the behaviour of the clients and the compat layer. The tests in `tests/recorded/` play each with
the network blocked. A cassette's first line says where it came from; nothing here was recorded from the live service
unless it says so. Keys, cookies, dates and ports are not kept.

`scripts/record` makes them all anew from the emulator, the same bytes each time. `scripts/record --live` records them
from the service with the key in `VIMMERSE_API_KEY`: that costs credits. `scripts/regenerate` is for the clients, not
for these.

<!-- Written by scripts/record. Do not edit. -->
"""


def text() -> str:
    """The table."""
    parts = [HEAD]
    for name, (title, what) in PARTS.items():
        parts.append(f"\n## {title}: `{name}/`\n\n{what}\n\n| cassette | exchanges | from |\n|---|---|---|\n")
        for path in sorted((FOLDER / name).glob("*.yaml")):
            content = path.read_text(encoding="utf-8")
            source = _source(content.partition("\n")[0].removeprefix("# "))
            calls = [
                f"`{one['request']['method']} {_path(one['request']['uri'])}`"
                for one in yaml.safe_load(content)["interactions"]
            ]
            parts.append(f"| [{path.stem}]({name}/{path.name}) | {_counted(calls)} | {source} |\n")
    return "".join(parts)


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
