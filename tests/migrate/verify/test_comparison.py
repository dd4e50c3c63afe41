"""Which requests of two runs are the same, whatever ids they have and whatever order concurrent jobs have."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vimmerse.compat.migrate.proof.comparison import Pair, compare
from vimmerse.compat.migrate.proof.sent import ProgramCall, Sent


def identifier(number: int) -> str:
    return str(UUID(int=number, version=4))


def sent(
    operation: str, path: str = "", body: Any = None, ids: Sequence[str] = (), line: str = "", **more: Any
) -> Sent:
    path = path or operation.partition(" ")[2]
    document = {"request": f"{operation.partition(' ')[0]} {path}", **more}
    if body is not None:
        document["body"] = body
    file, _, number = line.partition(":")
    call = ProgramCall("POST", path, ((file, int(number)),) if line else ())
    return Sent(operation, path, document, tuple(ids), call)


def create(prompt: str, number: int, **more: Any) -> Sent:
    return sent("POST /v2/media", body={"prompt": prompt, **more}, ids=[identifier(number)])


def get(number: int, query: str = "") -> Sent:
    more: dict[str, Any] = {"query": [query]} if query else {}
    return sent("GET /v2/media/{media_id}", f"/v2/media/{identifier(number)}", **more)


def update(number: int, body: Any) -> Sent:
    return sent("PUT /v2/media/{media_id}", f"/v2/media/{identifier(number)}", body)


def differing(original: Sequence[Sent], rewritten: Sequence[Sent]) -> list[Pair]:
    return [pair for pair in compare(original, rewritten) if pair.differs]


def test_equal_runs_do_not_differ() -> None:
    run = [create("a", 1), get(1), update(1, {"title": "t"})]

    pairs = compare(run, run)

    assert [pair.original for pair in pairs] == run
    assert not any(pair.differs for pair in pairs)
    assert compare([], []) == []


def test_concurrent_jobs_come_in_any_order_and_with_any_ids() -> None:
    original = [create("a", 1), create("b", 2), update(2, {"title": "b"}), get(1), get(2), get(1)]
    rewritten = [create("b", 7), get(7), create("a", 8), get(8), update(7, {"title": "b"})]

    assert differing(original, rewritten) == []


def test_jobs_that_are_created_alike_are_told_apart_by_what_follows() -> None:
    original = [create("a", 1), create("a", 2), update(1, {"title": "one"}), update(2, {"title": "two"})]
    rewritten = [create("a", 5), create("a", 6), update(6, {"title": "one"}), update(5, {"title": "two"})]

    assert differing(original, rewritten) == []
    assert differing(original, [*rewritten[:3], update(5, {"title": "three"})]) != []
    assert differing(original, [*rewritten[:3], update(6, {"title": "two"})]) != []


def test_an_id_in_a_body_is_that_of_the_request_that_made_it() -> None:
    def run(image: int, media: int) -> list[Sent]:
        upload = sent("POST /v2/image", ids=[identifier(image)], files=[{"sha256": "0"}])
        url = f"https://results.vimmerse.net/uploads/{identifier(image)}.png"
        return [upload, create("a", media, media_items=[{"url": url}])]

    assert differing(run(1, 2), run(4, 3)) == []
    assert differing(run(1, 2), [*run(4, 3)[:1], create("a", 3, media_items=[{"url": "https://example.com"}])]) != []


@pytest.mark.parametrize(
    ("rewritten", "changed"),
    [
        (create("b", 1, quantity=1), {"body.prompt"}),
        (create("a", 1, quantity="1"), {"body.quantity"}),
        (sent("POST /v2/media", body={"prompt": "a", "quantity": 1}, ids=[identifier(1)], status=422), {"status"}),
        (sent("POST /v2/media", "/v2/media/", {"prompt": "a", "quantity": 1}, [identifier(1)]), {"request"}),
        (sent("POST /v2/media", body={"prompt": "a", "quantity": 1}, ids=[identifier(1)], query=["x=1"]), {"query.0"}),
        (sent("POST /v2/media", body={"prompt": "a", "quantity": 1}, files=[{"sha256": "1"}]), {"files.0.sha256"}),
        (create("a", 1), {"body.quantity"}),
        (create("a", 1, quantity=1, title=None), {"body.title"}),
        (create("a", 1, quantity=[]), {"body.quantity"}),
    ],
)
def test_a_request_that_differs_is_shown_with_its_fields(rewritten: Sent, changed: set[str]) -> None:
    original = create("a", 1, quantity=1)

    [pair] = compare([original, get(1)], [rewritten, get(1)])[:1]

    assert pair.changed == changed
    assert any(line.startswith(("+", "-")) for line in pair.diff)
    assert not any(line.startswith(("---", "+++", "@@")) for line in pair.diff)


def test_a_job_that_was_created_otherwise_is_still_the_same_job() -> None:
    original = [create("a", 1), create("z", 2), update(1, {"title": "a"}), get(1)]
    rewritten = [create("z", 1), create("a", 2, quantity=3), update(2, {"title": "a"}), get(2)]

    [pair] = differing(original, rewritten)

    assert pair.original is original[0]
    assert pair.rewritten is rewritten[1]


def test_a_missing_and_an_extra_request() -> None:
    [missing] = differing([create("a", 1), update(1, {"title": "a"})], [create("a", 1)])
    [extra] = differing([create("a", 1)], [create("a", 1), create("a", 2)])

    assert missing.rewritten is None
    assert extra.original is None
    assert extra.rewritten is not None
    assert extra.rewritten.ids == (identifier(2),)


def test_another_operation_from_the_same_file_takes_the_place_of_a_request() -> None:
    original = sent("POST /v2/story", body={"idea": "a"}, ids=[identifier(1)], line="app.py:3")
    rewritten = sent("POST /v2/media", body={"idea": "a"}, ids=[identifier(1)], line="app.py:5")
    other = sent("POST /v2/media", body={"idea": "a"}, ids=[identifier(1)], line="other.py:5")

    [pair] = compare([original], [rewritten])
    assert pair.changed == {"request"}
    assert len(compare([original], [other])) == 2


def test_the_order_counts_within_a_job_alone() -> None:
    first, second = update(1, {"title": "a"}), update(1, {"description": "a"})
    other = create("b", 2)

    [pair] = differing([create("a", 1), first, second, other], [other, create("a", 1), second, first])

    assert pair.out_of_order
    assert pair.original is second


def test_a_step_of_a_story_is_part_of_its_job() -> None:
    story = sent("POST /v2/story", ids=[identifier(1)])
    scenes = sent("POST /v2/story/{story_id}/scenes", f"/v2/story/{identifier(1)}/scenes", ids=[identifier(2)])
    first = update(2, {"title": "a"})
    second = sent("POST /v2/story/{story_id}/videos", f"/v2/story/{identifier(1)}/videos")

    [pair] = differing([story, scenes, first, second], [story, scenes, second, first])

    assert pair.out_of_order


def test_reads_are_compared_by_kind_and_not_by_number() -> None:
    created = create("a", 1)

    assert differing([created, get(1), get(1), get(1)], [created, get(1)]) == []
    [missing] = differing([created, get(1)], [created])
    assert missing.rewritten is None
    [other] = differing([created, get(1)], [created, get(1, "page=2")])
    assert other.changed == {"query.0"}
    merged = compare([created, get(1), get(1)], [created, get(1)])[1]
    assert len(merged.merged) == 1


def test_of_many_requests_without_an_equal_each_takes_the_next_one() -> None:
    original = [create(f"a {n}", n) for n in range(120)]
    rewritten = [create(f"b {n}", n) for n in range(120)]

    pairs = compare(original, rewritten)

    assert [(pair.original, pair.rewritten) for pair in pairs] == list(zip(original, rewritten, strict=True))


def test_a_request_for_an_unknown_id_keeps_it() -> None:
    [pair] = differing([get(1)], [get(2)])

    assert pair.changed == {"request"}


@st.composite
def _runs(draw: st.DrawFn) -> tuple[list[Sent], list[Sent]]:
    """A run of several jobs, and the same jobs with other ids, interleaved in another way."""
    numbers = itertools.count(1)
    jobs = draw(st.lists(st.tuples(st.sampled_from("abc"), st.lists(st.sampled_from("xyz"), max_size=3)), max_size=5))

    def run(order: list[int]) -> list[Sent]:
        queues = []
        for prompt, titles in jobs:
            number = next(numbers)
            queues.append(
                [create(prompt, number), *[update(number, {"title": title}) for title in titles], get(number)]
            )
        return [queues[index].pop(0) for index in order]

    lengths = [len(titles) + 2 for _, titles in jobs]
    order = [index for index, length in enumerate(lengths) for _ in range(length)]
    return run(order), run(draw(st.permutations(order)))


@given(_runs())
def test_any_interleaving_of_the_same_jobs_with_other_ids_is_paired_completely(
    runs: tuple[list[Sent], list[Sent]],
) -> None:
    original, rewritten = runs
    assert all(pair.original is not None and pair.rewritten is not None for pair in compare(original, rewritten))
    assert differing(original, rewritten) == []
