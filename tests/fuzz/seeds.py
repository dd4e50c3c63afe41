"""Seeds for fuzzing: for each target, bytes of the kind that it parses."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

_PARAMS = "Prompt=Rain|Quantity=2|MotionAmount=5|MotionLength=5|Loop=1|AspectRatio=16:9"
_DATA = json.dumps({"pose_preset": [{"MotionType": "Auto", "Params": _PARAMS}, {"MotionType": "Sora", "Params": ""}]})
_FILE = (
    '--b\r\nContent-Disposition: form-data; name="data"\r\n\r\n' + _DATA + "\r\n--b\r\n"
    'Content-Disposition: form-data; name="image"; filename="a.png"\r\n'
    "Content-Type: image/png\r\n\r\n\x89PNG\r\n--b--\r\n"
)
_STORY = {
    "id": "s-1",
    "status": "failed",
    "created_at": "2026-02-06T02:05:40",
    "is_transition": True,
    "storyboard": {"scenes": [{"image_url": "https://i.example/1.png"}], "characters": [{"URL": ""}]},
    "all_medias": [{"id": "m-1", "result": ["https://v.example/1.mp4"]}],
}
_MEDIA = {
    "id": "m-1",
    "processing_status": "success",
    "result": ["https://v.example/1.mp4", {"url": "x"}],
    "pose_preset": {"motion_type": "Auto", "prompt": "p", "motion_length": 5},
    "submit_params": {"native_audio": True},
}
_ERROR = {"detail": [{"loc": ["body", "audio_option", "narrator"], "msg": "bad"}], "code": "X", "message": "m"}

_SHAPES: tuple[object, ...] = (_STORY, _MEDIA, _ERROR, {}, [], None)


def _text(*parts: str) -> bytes:
    return "".join(parts).encode("utf-8", "replace")


_JSON = [_text("\x00", json.dumps(each)) for each in _SHAPES]

SEEDS: Mapping[str, Sequence[bytes]] = {
    "forms": [
        _text("\x00\x00\x05", "prompt=Rain&motion_type=Auto&image_urls=a&image_urls=b%20c"),
        _text("\x00\x01\x05", json.dumps({"prompt": "Rain", "audio_option": {"narrator": "Rachel"}})),
        _text("\x00\x02\x05", _FILE),
        _text('\x01multipart/form-data; boundary="b"; charset=latin-1\n\x03', _FILE),
    ],
    "json_text": [_text(_DATA), b"[1e999]", b'{"a": NaN}', b'"\\ud800"'],
    "params": [_text(_PARAMS), b"Prompt=a|Loop=b|Loop=2", b"|Quantity="],
    "addresses": [b"\x00\x00/media/m-1", b"\x00\x00/story/%2E%2E/scenes", b"\x01/media/a%2Bb/process?x=1"],
    "calls": [
        bytes([0, number % 256]) + b"m-1\n\x00\x00" + json.dumps(_MEDIA).encode() + b"\nprompt=Rain&motion_type=Auto"
        for number in range(22)
    ]
    + [bytes([0, 8]) + b"\n\x02\x00{}\n" + _text(_FILE), bytes([1, 9]) + b"\n\x01\x00[]\n" + _text(_DATA)],
    "answers_of_v2": _JSON,
    "models": [*_JSON, _text("\x01", json.dumps(_MEDIA))],
    "webhooks": [
        b'\x00{"customer_id": "c", "batch_id": "b", "status": "success"}',
        b'\x00{"media_id": "m", "status": "fail"}',
        b"\x01application/x-www-form-urlencoded\nmedia_id=m&status=success",
    ],
    "headers": [b"120\nFri, 20 Nov 2026 18:42:28 GMT\n/media/m-1", b"2026-02-06T02:05:40\ngzip\n{}", b"\n\n/../v2"],
    "notices": [b"a value\r\nX: y", "ü€".encode(), b"x" * 500],
}
