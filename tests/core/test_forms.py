"""Parsing v1's bodies: what the libraries encode is parsed, in any chunks; hostile bodies are rejected early."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any
from urllib.parse import unquote_plus, urlencode

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from urllib3.filepost import encode_multipart_formdata
from vimmerse.compat.core.fields import Fields, Limits, UnreadableBody, parse_content_type, parse_json
from vimmerse.compat.core.forms import CHUNK, parse_body
from vimmerse.compat.core.messages import Pairs, UploadPart

from tests.cases.rows import FORM, JSON
from tests.core.play import Pieces
from tests.core.play import read as bytes_of
from tests.core.strategies import plain_json

BOUNDARY = "b0undary"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def typed(kind: str) -> Pairs:
    return (("Content-Type", kind),) if kind else ()


def fields_of(kind: str, body: bytes, pieces: int = 0, limits: Limits | None = None) -> dict[str, list[Any]]:
    """What was read, files as (filename, type, bytes)."""
    return all_values(parse_body(typed(kind), Pieces(body, pieces) if pieces else body, limits or Limits()))


def all_values(fields: Fields) -> dict[str, list[Any]]:
    """Every value that was read, empty ones too, which ``getlist`` leaves out; files as (filename, type, bytes)."""
    return {
        name: [
            (one.filename, one.content_type, bytes_of(one.content)) if isinstance(one, UploadPart) else one
            for one in fields._values[name]  # noqa: SLF001  # see the docstring
        ]
        for name in fields
    }


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
# What a client may write into a Content-Disposition without an escape of its own.
names = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"\\'), min_size=1, max_size=12)
# Contents that look like the boundary, or like its beginning, at every place.
contents = st.one_of(
    st.binary(max_size=60),
    st.lists(
        st.sampled_from([b"\r\n", b"--", b"\r", b"\n", b"-", BOUNDARY.encode(), BOUNDARY.encode()[:4], b"x", b"\0"]),
        max_size=14,
    )
    .map(b"".join)
    .filter(lambda content: f"--{BOUNDARY}".encode() not in content),
)
parts = st.lists(st.tuples(names, st.one_of(texts, st.tuples(names, contents))), min_size=1, max_size=6)


def expected(sent: list[tuple[str, Any]], kind: str = "image/png") -> dict[str, list[Any]]:
    fields: dict[str, list[Any]] = {}
    for name, value in sent:
        fields.setdefault(name, []).append((value[0], kind, value[1]) if isinstance(value, tuple) else value)
    return fields


@given(parts, st.integers(0, 40))
@example([("image", ("a", b"\r\n--b0undar"))], 1)
@example([("image", ("a", b"x\r\n--b0"))], 7)
def test_multipart_of_urllib3(sent: list[tuple[str, Any]], pieces: int) -> None:
    """What requests sends, bytes or stored in pieces of any size."""
    encoded, kind = encode_multipart_formdata(
        [(name, (*value, "image/png") if isinstance(value, tuple) else value.encode()) for name, value in sent],
        boundary=BOUNDARY,
    )
    assert fields_of(kind, encoded, pieces) == expected(sent)


@given(parts, st.integers(0, 40))
def test_multipart_of_httpx(sent: list[tuple[str, Any]], pieces: int) -> None:
    request = httpx.Request(
        "POST",
        "https://api.vimmerse.net/media",
        files=[
            (name, (value[0], value[1], "image/png") if isinstance(value, tuple) else (None, value))
            for name, value in sent
        ],
        headers={"Content-Type": MULTIPART},
    )
    assert fields_of(request.headers["Content-Type"], request.read(), pieces) == expected(sent)


@given(st.lists(st.tuples(texts, texts), max_size=8), st.integers(0, 9))
def test_urlencoded(sent: list[tuple[str, str]], pieces: int) -> None:
    fields = fields_of(FORM, urlencode(sent).encode(), pieces)
    assert [(name, value) for name, values in fields.items() for value in values] == sorted(
        sent, key=lambda pair: [name for name, _ in sent].index(pair[0])
    )


@given(st.dictionaries(texts, plain_json, max_size=5))
def test_json(sent: dict[str, Any]) -> None:
    assert {name: values[0] for name, values in fields_of(JSON, json.dumps(sent).encode(), 3).items()} == sent


after_a_boundary = st.text(max_size=60).map(lambda text: f"--{BOUNDARY}\r\n{text}".encode("utf-8", "replace"))


@given(
    st.sampled_from([FORM, JSON, MULTIPART, "multipart/form-data", "text/plain", "", "multipart/form-data; boundary="]),
    st.binary(max_size=120) | after_a_boundary,
    st.integers(1, 9),
)
def test_any_bytes_are_fields_or_unreadable(kind: str, body: bytes, pieces: int) -> None:
    """Stored or not, the same bytes come to the same end."""
    ends: list[Any] = []
    for size in (0, pieces):
        try:
            ends.append(fields_of(kind, body, size))
        except UnreadableBody:
            ends.append(None)
    assert ends[0] == ends[1]


def part(disposition: str, content: str = "x", *headers: str) -> bytes:
    lines = "".join(f"{line}\r\n" for line in (f"Content-Disposition: {disposition}", *headers))
    return f"--{BOUNDARY}\r\n{lines}\r\n{content}\r\n".encode()


END = f"--{BOUNDARY}--\r\n".encode()

UNREADABLE = [
    pytest.param(MULTIPART, part('form-data; name="a"'), "no end", id="no last boundary"),
    pytest.param("multipart/form-data", part('form-data; name="a"') + END, "boundary", id="no boundary named"),
    pytest.param("multipart/form-data; boundary=", END, "boundary", id="an empty boundary"),
    pytest.param(MULTIPART, b"no boundary at all", "broken", id="no boundary in the body"),
    pytest.param(MULTIPART, part("form-data") + END, "no name", id="a part without a name"),
    pytest.param(MULTIPART, part('attachment; name="a"') + END, "no name", id="a part that is no form data"),
    pytest.param(
        MULTIPART,
        part('form-data; name="a"', "eA==", "Content-Transfer-Encoding: base64") + END,
        "content-transfer-encoding",
        id="a part in base64",
    ),
    pytest.param(
        MULTIPART,
        part('form-data; name="a"', "x", *(f"X-{n}: y" for n in range(30))) + END,
        "over the limit|exceeded",
        id="many headers",
    ),
    pytest.param(
        MULTIPART,
        part('form-data; name="a"', "x", "X: " + "y" * 20_000) + END,
        "over the limit|exceeded",
        id="a huge header",
    ),
    pytest.param(
        MULTIPART,
        part('form-data; name="a"', "x", "X" * 20_000 + ": y") + END,
        "over the limit|exceeded",
        id="a huge header name",
    ),
    pytest.param(MULTIPART, part('form-data; name="a"') * 1001 + END, "more than 1000 fields", id="many parts"),
    pytest.param(FORM, b"a=1&" * 1001, "more than 1000 fields", id="many fields"),
    pytest.param(JSON, b"[" * 500_000, "nested too deeply", id="deep JSON"),
    pytest.param(JSON, b'{"a":' * 100_000, "nested too deeply", id="deep JSON objects"),
    pytest.param(JSON, b'{"a": 1', "can't be read", id="half a JSON"),
    pytest.param(JSON, b'{"a": NaN}', "NaN", id="NaN"),
    pytest.param(JSON, b"\xff\xfe\xfd", "can't be read", id="JSON in no charset"),
    pytest.param(JSON, b'{"a": ' + b"9" * 20_000 + b"}", "can't be read", id="a number of 20 000 digits"),
    pytest.param(JSON, b"[1]", "not an object", id="a JSON list"),
    pytest.param("text/plain", b"a=1", "'text/plain'", id="plain text"),
    pytest.param("", b"a=1", "no content type", id="no type"),
]


@pytest.mark.parametrize(("kind", "body", "why"), UNREADABLE)
@pytest.mark.parametrize("pieces", [0, 4096])
def test_unreadable(kind: str, body: bytes, why: str, pieces: int) -> None:
    """Each is refused with its reason, and soon: the test run's own limit is the only clock."""
    with pytest.raises(UnreadableBody, match=why):
        fields_of(kind, body, pieces)


@pytest.mark.parametrize("limits", [Limits(header_size=10), Limits(part_headers=1)])
@pytest.mark.parametrize("pieces", [0, 5])
def test_headers_above_the_readers_limits(limits: Limits, pieces: int) -> None:
    """The parser's own limits are wider, or it has none, as its version has it."""
    body = part('form-data; name="a"', "x", "X-One: 1") + END
    with pytest.raises(UnreadableBody, match="over the limit"):
        fields_of(MULTIPART, body, pieces, limits)


SMALL = Limits(field_size=8)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (FORM, b"a=123456789"),
        (JSON, b'{"a": "1234"}'),
        (MULTIPART, part('form-data; name="a"', "123456789") + END),
    ],
)
def test_a_field_over_the_limit_is_unreadable(kind: str, body: bytes) -> None:
    with pytest.raises(UnreadableBody, match=r"8"):
        fields_of(kind, body, limits=SMALL)


@pytest.mark.parametrize("pieces", [0, 3])
def test_the_total_text_of_a_form_is_bounded(pieces: int) -> None:
    body = part('form-data; name="a"', "12345") * 3 + END
    assert fields_of(MULTIPART, body, pieces, Limits(fields_size=15)) == {"a": ["12345"] * 3}
    with pytest.raises(UnreadableBody, match="over 14 bytes"):
        fields_of(MULTIPART, body, pieces, Limits(fields_size=14))


def test_a_file_counts_to_no_limit() -> None:
    body = part('form-data; name="a"; filename="f"', "123456789") + END
    assert fields_of(MULTIPART, body, limits=SMALL) == {"a": [("f", "application/octet-stream", b"123456789")]}


READABLE = [
    pytest.param(
        FORM,
        b"a=%zz&b=%&c=%e4&d&=e&a=2",
        {"a": ["%zz", "2"], "b": ["%"], "c": ["\ufffd"], "d": [""], "": ["e"]},
        id="broken escapes",
    ),
    pytest.param(FORM, "a=ü".encode(), {"a": ["ü"]}, id="text that should have been escaped"),
    pytest.param("application/vnd.x+json", b'{"a": 1}', {"a": [1]}, id="a JSON type of one's own"),
    pytest.param("", b' {"a": 1}', {"a": [1]}, id="JSON without a type"),
    pytest.param("Application/JSON ; charset=utf-8", b"{}", {}, id="a type in capitals"),
    pytest.param("", b"", {}, id="no body"),
    pytest.param(JSON, b"", {}, id="no body, with a type"),
    pytest.param(MULTIPART, part('form-data; name="a"', "\u00fc") + END, {"a": ["ü"]}, id="UTF-8"),
    pytest.param(
        MULTIPART,
        part('form-data; name="a"', "x", "Content-Type: text/plain; charset=no-such") + END,
        {"a": ["x"]},
        id="an unknown charset",
    ),
    pytest.param(
        MULTIPART,
        part('form-data; name="a"', "", "Content-Type: text/plain; charset=latin-1")[:-2] + b"\xfc\r\n" + END,
        {"a": ["ü"]},
        id="latin-1",
    ),
    pytest.param(
        MULTIPART,
        part('form-data; name="a"', "x", "Content-Transfer-Encoding: 8BIT") + END,
        {"a": ["x"]},
        id="an encoding that is none",
    ),
    pytest.param(
        MULTIPART,
        part("form-data; name=\"a\"; filename*=UTF-8''%C3%BC.png", "x", "Content-Type: image/png") + END,
        {"a": [("upload", "image/png", b"x")]},
        id="a file named in RFC 5987's way",
    ),
    pytest.param(MULTIPART, part('form-data; name="a"') + END + b"epilogue", {"a": ["x"]}, id="an epilogue"),
    pytest.param(
        MULTIPART,
        part('form-data; name="a"; filename=""', "") + END,
        {"a": [("", "application/octet-stream", b"")]},
        id="an empty file",
    ),
]


@pytest.mark.parametrize(("kind", "body", "expected"), READABLE)
def test_readable(kind: str, body: bytes, expected: Any) -> None:
    for pieces in (0, 1, 3):
        assert fields_of(kind, body, pieces) == expected


def test_fields() -> None:
    fields = Fields({"a": ["1", "2"], "b": [""], "c": [None], "d": ["", ["x", None, ""], "y"]}, "form")
    assert fields["a"] == "2"
    assert list(fields) == ["a", "b", "c", "d"]
    assert len(fields) == 4
    assert [fields.is_set(name) for name in ("a", "b", "c", "d", "e")] == [True, False, False, True, False]
    assert fields.getlist("d") == ["x", "y"]
    assert fields.getlist("e") == []
    assert "a" in fields
    assert "e" not in fields
    assert len(Fields()) == 0


def test_content_type() -> None:
    assert parse_content_type(()) == ("", {})
    assert parse_content_type((("Accept", "x/y"), ("content-TYPE", " Text/Plain "))) == ("text/plain", {})
    kind, options = parse_content_type(typed('multipart/form-data; Boundary="a b"; charset=utf-8'))
    assert (kind, options) == ("multipart/form-data", {"boundary": "a b", "charset": "utf-8"})


def test_parse_json_accepts_text() -> None:
    assert parse_json('{"a": [1, null]}') == {"a": [1, None]}


@pytest.mark.parametrize("length", [10, 100_000])
def test_a_form_of_any_length_is_read_alike(length: int) -> None:
    text = "\u00e9 +&=%" * length
    body = b"&" + urlencode({"a": "1 2", "b": text}).encode() + b"&&a=%33&%63=x+y&d"
    assert fields_of(FORM, body) == {"a": ["1 2", "3"], "b": [text], "c": ["x y"], "d": [""]}


def charset_part(charset: str, content: bytes) -> bytes:
    head = part('form-data; name="a"', "", f"Content-Type: text/plain; charset={charset}")[:-2]
    return head + content + b"\r\n" + END


@pytest.mark.parametrize(
    "charset",
    [
        *("punycode", "PUNYCODE", '"punycode"', "idna", "undefined", "unicode_escape", "raw-unicode-escape", "utf-7"),
        *("rot13", "base64", "zlib", "bz2", "hex", "uu", "mbcs", "oem", "x" * 1000, "..", "\u00e9", "a b"),
    ],
)
@pytest.mark.parametrize("pieces", [0, 4096])
def test_an_unusual_charset_is_not_looked_up(charset: str, pieces: int) -> None:
    """Their codecs take quadratic time, raise, or give no text at all."""
    text = b"a-" + b"9" * 200_000
    assert fields_of(MULTIPART, charset_part(charset, text), pieces) == {"a": [text.decode()]}


@pytest.mark.parametrize("charset", ["punycode", "shift_jis", "no-such"])
def test_text_in_an_unknown_charset_is_not_guessed(charset: str) -> None:
    with pytest.raises(UnreadableBody, match=charset):
        fields_of(MULTIPART, charset_part(charset, "映画".encode("shift_jis")))


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        *(("UTF-8", "utf-8"), ("utf8", "utf-8"), ("US-ASCII", "ascii"), ("ISO-8859-1", "latin-1")),
        *(("iso_8859-1", "latin-1"), ("latin1", "latin-1"), ("Windows-1252", "cp1252"), ("iso-8859-15", "iso8859-15")),
        *(("utf-16", "utf-16"), ("UTF-16LE", "utf-16-le"), ("utf-16be", "utf-16-be"), ('"utf-8"', "utf-8")),
    ],
)
def test_charsets_that_clients_send(charset: str, codec: str) -> None:
    text = "plain" if codec == "ascii" else "caf\u00e9"
    assert fields_of(MULTIPART, charset_part(charset, text.encode(codec))) == {"a": [text]}


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('form-data; name="a"' + ';"' * 20_000, "a"),
        ('form-data; name="a"; filename*0=x; filename*=y; filename*' + "9" * 5000 + "=z", "a"),
        ("form-data; name=" + "a" * 20_000, "a" * 20_000),
    ],
    ids=["parameters", "continuations", "name"],
)
def test_headers_that_cost_are_not_parsed(disposition: str, name: str) -> None:
    limits = Limits(header_size=100_000)
    with suppress(UnreadableBody):
        assert set(fields_of(MULTIPART, part(disposition) + END, limits=limits)) == {name}


@pytest.mark.parametrize("tail", [";" * 100_000, ';"' * 50_000, "; a=b" * 50], ids=["empty", "quotes", "named"])
def test_a_content_type_that_costs_has_no_parameters(tail: str) -> None:
    assert parse_content_type(typed("multipart/form-data" + tail)) == ("multipart/form-data", {})
    with pytest.raises(UnreadableBody, match="no boundary"):
        fields_of("multipart/form-data; boundary=x" + tail, b"--x--")


@pytest.mark.parametrize("before", range(CHUNK - 8, CHUNK + 2))
def test_a_long_text_is_unquoted_completely(before: int) -> None:
    text = "x" * before + "%C3%BC+%e2%82%ac%zz%" + "y" * 10
    assert parse_body((("Content-Type", FORM),), f"a={text}".encode())["a"] == unquote_plus(text)


def test_a_field_may_be_as_long_as_the_limit() -> None:
    boundary = (("Content-Type", "multipart/form-data; boundary=b"),)
    body = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n12345\r\n--b--\r\n'
    assert parse_body(boundary, body, Limits(field_size=5))["a"] == "12345"
    with pytest.raises(UnreadableBody):
        parse_body(boundary, body, Limits(field_size=4))


def test_text_that_begins_like_a_list_and_is_none_is_one_value() -> None:
    body = json.dumps({"audio_urls": '["half'}).encode()
    assert parse_body([("Content-Type", "application/json")], body).getlist("audio_urls") == ['["half']
