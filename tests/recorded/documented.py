"""Cassettes written from the vendor's documented examples (tests/data/documented_examples.json).

    python -m tests.recorded.documented     writes cassettes/documented; scripts/record calls it

They are not recorded: the response is the example of the vendor's page, the request a minimal one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.recorded.scrub import API, CASSETTES, HOME, Serializer

EXAMPLES = HOME / "tests" / "data" / "documented_examples.json"
FOLDER = CASSETTES / "documented"
IDS = {"{story_id}": "a-story", "{media_id}": "a-media"}


@dataclass(frozen=True)
class Documented:
    """One documented v2 response."""

    name: str
    operation: str
    page: str
    title: str
    status: int
    response: Any

    def text(self) -> str:
        """The cassette."""
        method, _, path = self.operation.partition(" ")
        for template, id in IDS.items():
            path = path.replace(template, id)
        header = (
            f"Written from a documented example of {self.page}: {self.title}.\n"
            "Not a recording. Made anew by: scripts/record"
        )
        return Serializer(header).serialize(
            {
                "version": 1,
                "interactions": [
                    {
                        "request": {"method": method, "uri": API + path, "body": None, "headers": {}},
                        "response": {
                            "status": {"code": self.status, "message": ""},
                            "headers": {"content-type": ["application/json"]},
                            "body": {"string": json.dumps(self.response, indent=1)},
                        },
                    }
                ],
            }
        )


def documented() -> Iterator[Documented]:
    """The documented responses and errors of v2, in the order of the pages."""
    counts: Counter[str] = Counter()
    for entry in json.loads(EXAMPLES.read_text(encoding="utf-8")):
        if entry["version"] != "v2" or entry["kind"] not in ("response", "error"):
            continue
        method, _, path = entry["operation"].partition(" ")
        stem = f"{method.lower()}-{path.removeprefix('/v2/').replace('/', '-').replace('{', '').replace('}', '')}"
        counts[stem] += 1
        yield Documented(
            name=f"{stem}.{counts[stem]}",
            operation=entry["operation"],
            page=entry["page"],
            title=entry["title"],
            status=int(entry.get("status", 200)),
            response=entry["value"],
        )


def write() -> None:
    """Write them all, and nothing else."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.yaml"):
        old.unlink()
    for one in documented():
        (FOLDER / f"{one.name}.yaml").write_text(one.text(), encoding="utf-8")


if __name__ == "__main__":
    write()
