"""Which place a request belongs to."""

from __future__ import annotations

from typing import Any

from vimmerse.compat.migrate.proof.places import Places, operation_of
from vimmerse.compat.migrate.proof.sent import ProgramCall
from vimmerse.compat.migrate.rewrite.places import Place


def place(line: int, operation: str = "", path: str = "/tree/a.py", end: int = 0, **changes: Any) -> Place:
    values = {"kind": "call", "state": "rewritten", "text": "", **changes}
    return Place(path, line, 1, operation=operation, end_line=end, **values)


STORY = place(3, "POST /story", end=9)
GET = place(12, "GET /story/{story_id}")
RESPONSE = place(10, kind="response", end=11)
OTHER = place(3, "POST /media", "/tree/b.py", state="left")
PATHS = {"/tree/a.py": "a.py", "/tree/b.py": "b.py"}
PLACES = Places([OTHER, GET, STORY, RESPONSE], PATHS)


def test_a_request_belongs_to_all_places_on_the_lines_that_led_to_it() -> None:
    assert PLACES.of_call(ProgramCall("POST", "/story", (("a.py", 7),))) == [STORY]
    assert PLACES.of_call(ProgramCall("GET", "/story/1", (("a.py", 12), ("a.py", 11), ("a.py", 12)))) == [GET, RESPONSE]
    assert PLACES.of_call(ProgramCall("GET", "/story/1", (("a.py", 2), ("c.py", 3)))) == []


def test_without_a_line_it_is_the_one_call_of_the_operation() -> None:
    assert PLACES.of_call(ProgramCall("GET", "/story/1")) == [GET]
    assert PLACES.of_call(ProgramCall("PUT", "/media/1/edit")) == []
    assert PLACES.of_call(ProgramCall()) == []
    two = Places([STORY, place(20, "POST /story")], PATHS)
    assert two.of_call(ProgramCall("POST", "/story")) == []


def test_what_is_left_is_no_migrated_place() -> None:
    assert PLACES.migrated == [STORY, RESPONSE, GET]
    assert PLACES.left == [OTHER]
    assert PLACES.is_left(ProgramCall("POST", "/media", (("b.py", 3),)))
    assert not PLACES.is_left(ProgramCall("POST", "/story", (("a.py", 3), ("b.py", 3))))
    assert not PLACES.is_left(ProgramCall("POST", "/story", (("a.py", 10),)))


def test_places_that_make_no_call_are_recorded_by_their_lines() -> None:
    assert PLACES.lines == {"a.py": [(10, 11)]}
    assert PLACES.were_run({("a.py", 10, 11), ("a.py", 3, 9)}) == {RESPONSE}
    assert PLACES.were_run(set()) == set()


def test_the_operation_of_a_call() -> None:
    assert operation_of(ProgramCall("POST", "/story/idea-2-video")) == "POST /story/idea-2-video"
    assert operation_of(ProgramCall("GET", "/v2/story/1")) == ""
