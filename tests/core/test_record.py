"""The immutable value classes."""

from __future__ import annotations

import copy
import pickle
import sys

import pytest
from vimmerse.compat import Policy
from vimmerse.compat.core.messages import Multipart, UploadPart, V1Response, V2Request, V2Response
from vimmerse.pricing import Estimate

PART = UploadPart("image_files", "cat.png", "image/png", b"content")


def test_a_record_never_changes() -> None:
    with pytest.raises(AttributeError, match="'name' can't be set: UploadPart is immutable"):
        PART.name = "else"
    with pytest.raises(AttributeError, match="'name' can't be deleted: UploadPart is immutable"):
        del PART.name
    with pytest.raises(AttributeError, match="'more'"):
        PART.more = 1
    assert PART.name == "image_files"


def test_records_are_equal_if_their_values_are() -> None:
    twin = UploadPart("image_files", "cat.png", "image/png", b"content")
    assert (twin, hash(twin)) == (PART, hash(PART))
    assert UploadPart("image_files", "dog.png", "image/png", b"content") != PART
    assert Multipart((PART,)) == Multipart((twin,))
    assert Multipart(()) != Estimate(0)
    assert PART != ("image_files", "cat.png", "image/png", b"content")
    assert {PART, twin} == {PART}


def test_a_record_with_other_fields_is_another() -> None:
    """What ``copy.replace`` of Python 3.13 calls."""
    other = PART.__replace__(filename="dog.png")
    assert other == PART.replace(filename="dog.png") == UploadPart("image_files", "dog.png", "image/png", b"content")
    assert PART.filename == "cat.png"
    assert Policy(mode="strict").__replace__(max_credits=5) == Policy(mode="strict", max_credits=5)


@pytest.mark.parametrize("copied", [lambda value: pickle.loads(pickle.dumps(value)), copy.copy, copy.deepcopy])
@pytest.mark.parametrize(
    "value", [PART, Multipart((PART,)), Estimate(5, ("a",)), Policy(max_credits=5), Policy(video_tools={"A": "B"})]
)
def test_records_are_copied_completely(copied, value) -> None:
    assert copied(value) == value


def test_no_repr_shows_what_is_secret_or_long() -> None:
    headers = (("X-Api-Key", "the-secret"),)
    for value in (
        PART,
        Multipart((PART,)),
        V2Request("POST", "https://x", headers, b"content"),
        V2Response(200, headers, b"content", native="content"),
        V1Response(200, headers, b"content"),
        Policy(api_key="the-secret"),
    ):
        assert "content'" not in repr(value)
        assert "secret" not in repr(value)
    assert repr(PART) == "UploadPart(name='image_files', filename='cat.png', content_type='image/png')"
    assert repr(V2Response(200)) == "V2Response(status=200)"


def test_policies_differ_by_how_they_translate() -> None:
    assert Policy(on_warning=print) == Policy()
    assert Policy(mode="strict") != Policy()
    assert Policy() != "lenient"
    changed = Policy(mode="strict", max_credits=5).replace(max_credits=6)
    assert (changed.mode, changed.max_credits) == ("strict", 6)
    with pytest.raises(ValueError, match="mode is 'loose'"):
        changed.replace(mode="loose")
    if sys.version_info >= (3, 13):
        assert copy.replace(Policy(), mode="strict") == Policy(mode="strict")
