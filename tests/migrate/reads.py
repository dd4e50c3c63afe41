"""Reads of v1 responses, and what becomes of each. ``out`` is what a snippet has read.

A name that begins with ``story``, ``media``, ``status`` or ``error`` says which response ``r`` is.
"""

from __future__ import annotations

FAILED = '("failed", "error", "cancelled", "canceled")'
#: Before and after, by name.
READS: dict[str, tuple[str, str]] = {
    "story wrapper": ('out = r.json()["data"]["id"]', 'out = r.json()["id"]'),
    "story get": ('out = r.json().get("data").get("id")', 'out = r.json().get("id")'),
    "story get with a default": ('out = r.json().get("data", {}).get("title")', 'out = r.json().get("title")'),
    "story or": ('out = (r.json().get("data") or {}).get("title")', 'out = r.json().get("title")'),
    "story name": ('body = r.json()\nout = body["data"]["title"]', 'body = r.json()\nout = body["title"]'),
    "story rebound": ('body = r.json()\nbody = body["data"]\nout = body["id"]', 'body = r.json()\nout = body["id"]'),
    "story popped": ('story = r.json().pop("data")\nout = story["id"]', 'story = r.json()\nout = story["id"]'),
    "story walrus": (
        'if (story := r.json()["data"])["id"]:\n    out = story["title"]',
        'if (story := r.json())["id"]:\n    out = story["title"]',
    ),
    "story f-string": ("out = f\"{r.json()['data']['id']}!\"", "out = f\"{r.json()['id']}!\""),
    "story single quotes": ("out = len(r.json()['data']['medias'])", "out = len(r.json()['all_medias'])"),
    "story tuple": (
        'body = r.json()\none, other = body["data"]["id"], body["data"]["title"]\nout = [one, other]',
        'body = r.json()\none, other = body["id"], body["title"]\nout = [one, other]',
    ),
    "story tolerant": (
        'body = r.json()\nstory = body.get("data", body)\nout = story["id"]',
        'body = r.json()\nstory = body\nout = story["id"]',
    ),
    "story tolerant by a test": (
        'body = r.json()\nif "data" in body:\n    body = body["data"]\nout = body["id"]',
        'body = r.json()\nout = body["id"]',
    ),
    "story conditional": (
        'body = r.json()\nstory = body["data"] if "data" in body else body\nout = story["id"]',
        'body = r.json()\nstory = body\nout = story["id"]',
    ),
    "story missing data": (
        'body = r.json()\nif "data" not in body:\n    raise ValueError\nout = body["data"]["id"]',
        'body = r.json()\nif "id" not in body:\n    raise ValueError\nout = body["id"]',
    ),
    "story has data": ('out = "data" in r.json()', 'out = "id" in r.json()'),
    "story empty": (
        'story = r.json().get("data")\nout = 1\nif not story:\n    out = 2',
        'story = r.json()\nout = 1\nif "id" not in story:\n    out = 2',
    ),
    "story none": (
        'story = r.json().get("data")\nout = 1 if story is None else 2',
        'story = r.json()\nout = 1 if "id" not in story else 2',
    ),
    "story none at first": (
        'story = None\nif r.ok:\n    story = r.json().get("data")\nout = 1 if story else 2',
        'story = None\nif r.ok:\n    story = r.json()\nout = 1 if (story and "id" in story) else 2',
    ),
    "story full": (
        'story = r.json().get("data")\nout = 1 if story else 2',
        'story = r.json()\nout = 1 if "id" in story else 2',
    ),
    "story not none": (
        'story = r.json().get("data")\nout = 1 if story is not None and r.ok else 2',
        'story = r.json()\nout = 1 if "id" in story and r.ok else 2',
    ),
    "story rebound with a comment": (
        'body = r.json()\n# unwrap\nbody = body["data"]\nout = body["id"]',
        'body = r.json()\n# unwrap\nbody = body\nout = body["id"]',
    ),
    "story rebound on one line": (
        'body = r.json(); body = body["data"]\nout = body["id"]',
        'body = r.json(); pass\nout = body["id"]',
    ),
    "story rebound in a block": (
        'body = r.json()\ntry:\n    body = body["data"]\nfinally:\n    out = 1\nout = body["id"]',
        'body = r.json()\ntry:\n    pass\nfinally:\n    out = 1\nout = body["id"]',
    ),
    "story has scenes": ('out = "scenes" in r.json()["data"]', 'out = "storyboard" in r.json()'),
    "story case with a name": (
        'match r.json()["data"]["status"]:\n    case ("fail" | "none") as word:\n        out = bool(word)\n'
        "    case _:\n        out = False",
        'match r.json()["status"]:\n    case ("failed" | "error" | "cancelled" | "canceled" | "none") as word:\n'
        "        out = bool(word)\n    case _:\n        out = False",
    ),
    "story member": (
        'from enum import Enum\n\n\nclass S(Enum):\n    BAD = "fail"\n\n\n'
        'out = r.json()["data"]["status"] == S.BAD.value',
        f'from enum import Enum\n\n\nclass S(Enum):\n    BAD = "fail"\n\n\nout = r.json()["status"] in {FAILED}',
    ),
    "story list that is used elsewhere, too": (
        'BAD = ["fail"]\nprint(BAD)\nout = r.json()["data"]["status"] in BAD',
        f'BAD = ["fail"]\nprint(BAD)\nout = r.json()["status"] in {FAILED}',
    ),
    "story table of answers": (
        'ANSWERS = {"fail": 1, "success": 2}\nout = r.json()["data"]["status"] in ANSWERS',
        'ANSWERS = {"failed": 1, "error": 1, "cancelled": 1, "canceled": 1, "success": 2}\n'
        'out = r.json()["status"] in ANSWERS',
    ),
    "story on one line": (
        'out = 0\nif r.ok: out = len(r.json()["data"]["medias"])',
        'out = 0\nif r.ok: out = len(r.json()["all_medias"])',
    ),
    "story added lists": (
        'b = r.json()["data"]["storyboard"]\nout = [e["URL"] for e in b["characters"] + b["objects"]]',
        'b = r.json()["storyboard"]\nout = [e["image_url"] for e in b["characters"] + b["objects"]]',
    ),
    "story loads": (
        'import json\n\nout = json.loads(r.text)["data"]["id"]',
        'import json\n\nout = json.loads(r.text)["id"]',
    ),
    "story function": (
        'def data_of(response):\n    return response.json()["data"]\n\n\nout = data_of(r)["id"]',
        'def data_of(response):\n    return response.json()\n\n\nout = data_of(r)["id"]',
    ),
    "story method": (
        'class Box:\n    def __init__(self, r):\n        self.data = r.json()["data"]\n\n\nout = Box(r).data["id"]',
        'class Box:\n    def __init__(self, r):\n        self.data = r.json()\n\n\nout = Box(r).data["id"]',
    ),
    "story constant as key": (
        'DATA = "data"\nout = r.json()[DATA]["id"]',
        'DATA = "data"\nout = r.json()["id"]',
    ),
    "story list": (
        'answers = [one.json() for one in (r, r)]\nout = [answer["data"]["id"] for answer in answers]',
        'answers = [one.json() for one in (r, r)]\nout = [answer["id"] for answer in answers]',
    ),
    "story medias": ('out = len(r.json()["data"]["medias"])', 'out = len(r.json()["all_medias"])'),
    "story get medias": ('out = len(r.json()["data"].get("medias", []))', 'out = len(r.json().get("all_medias", []))'),
    "story media ids": (
        'out = [media["media_id"] for media in r.json()["data"]["medias"]]',
        'out = [media["id"] for media in r.json()["all_medias"]]',
    ),
    "story media loop": (
        'out = []\nfor n, media in enumerate(r.json()["data"]["medias"]):\n    out.append((n, media["media_id"]))',
        'out = []\nfor n, media in enumerate(r.json()["all_medias"]):\n    out.append((n, media["id"]))',
    ),
    "story has medias": ('out = "medias" in r.json()["data"]', 'out = "all_medias" in r.json()'),
    "story sorted": (
        'out = [m["id"] for m in sorted(r.json()["data"]["medias"], key=lambda m: m["media_id"])]',
        'out = [m["id"] for m in sorted(r.json()["all_medias"], key=lambda m: m["id"])]',
    ),
    "story result of a media": (
        'out = r.json()["data"]["medias"][0]["result"][0]["url"]',
        'out = r.json()["all_medias"][0]["result"][0]["url"]',
    ),
    "story scenes": ('out = len(r.json()["data"]["scenes"])', 'out = len(r.json()["storyboard"]["scenes"])'),
    "story scene prompts": (
        'out = [scene["prompt"] for scene in r.json()["data"]["scenes"]]',
        'out = [scene["video_description"] for scene in r.json()["storyboard"]["scenes"]]',
    ),
    "story get scenes": (
        'out = len(r.json()["data"].get("scenes", []))',
        'out = len(r.json().get("storyboard", {}).get("scenes", []))',
    ),
    "story character": (
        'out = r.json()["data"]["storyboard"]["characters"][0]["URL"]',
        'out = r.json()["storyboard"]["characters"][0]["image_url"]',
    ),
    "story elements": (
        'board = r.json()["data"]["storyboard"]\nout = [e.get("URL") for k in ("objects",) for e in board[k]]',
        'board = r.json()["storyboard"]\nout = [e.get("image_url") for k in ("objects",) for e in board[k]]',
    ),
    "story written element": (
        'one = r.json()["data"]["storyboard"]["characters"][0]\none["URL"] = "u"\nout = one["URL"]',
        'one = r.json()["storyboard"]["characters"][0]\none["image_url"] = "u"\nout = one["image_url"]',
    ),
    "story video": ('out = r.json()["data"]["video_url"]', 'out = r.json().get("video_url", "")'),
    "story video by get": ('out = r.json()["data"].get("video_url")', 'out = r.json().get("video_url", "")'),
    "story video tested": (
        'out = 1 if r.json()["data"]["video_url"] else 2',
        'out = 1 if r.json().get("video_url") else 2',
    ),
    "story description": (
        'out = r.json()["data"].get("description", "none")',
        'out = r.json().get("description", "none")',
    ),
    "story failed": (
        'out = r.json()["data"]["status"] == "fail"',
        f'out = r.json()["status"] in {FAILED}',
    ),
    "story not failed": ('out = r.json()["data"]["status"] != "fail"', f'out = r.json()["status"] not in {FAILED}'),
    "story failed the other way": (
        'out = "fail" == r.json()["data"]["status"]',
        f'out = r.json()["status"] in {FAILED}',
    ),
    "story ended": (
        'out = r.json()["data"]["status"] in ("success", "fail")',
        'out = r.json()["status"] in ("success", "failed", "error", "cancelled", "canceled")',
    ),
    "story ended by a list": (
        'ENDED = ["success", "fail"]\nout = r.json()["data"]["status"] in ENDED',
        'ENDED = ["success", "failed", "error", "cancelled", "canceled"]\nout = r.json()["status"] in ENDED',
    ),
    "story constant": (
        'FAILED = "fail"\nstatus = r.json()["data"]["status"]\nout = status == FAILED',
        f'FAILED = "fail"\nstatus = r.json()["status"]\nout = status in {FAILED}',
    ),
    "story lower": (
        'out = r.json()["data"]["status"].lower() == "fail"',
        f'out = r.json()["status"].lower() in {FAILED}',
    ),
    "story date": ('out = r.json()["data"]["created_at"].split(" ")[0]', 'out = r.json()["created_at"].split("T")[0]'),
    "story date by split": (
        'out = r.json()["data"]["created_at"].split()[0]',
        'out = r.json()["created_at"].split("T")[0]',
    ),
    "story date parsed": (
        'from time import strptime\n\nout = strptime(r.json()["data"]["created_at"], "%Y-%m-%d %H:%M:%S.%f%z")',
        'from time import strptime\n\nout = strptime(r.json()["created_at"], "%Y-%m-%dT%H:%M:%S.%f%z")',
    ),
    "media wrapper": ('out = r.json()["data"]["id"]', 'out = r.json()["id"]'),
    "media twice": ('out = r.json()["data"]["data"]["id"]', 'out = r.json()["id"]'),
    "media twice by name": (
        'data = r.json()["data"]\nmedia = data.get("data", data)\nout = media["title"]',
        'data = r.json()\nmedia = data\nout = media["title"]',
    ),
    "media result": ('out = r.json()["data"]["result"][0]["url"]', 'out = r.json()["result"][0]'),
    "media result or none": (
        'out = (r.json()["data"].get("result") or [{}])[0].get("url")',
        'out = ((r.json().get("result") or [{}])[0] or None)',
    ),
    "media result or a default": (
        'out = (r.json()["data"].get("result") or [{}])[0].get("url", "")',
        'out = ((r.json().get("result") or [{}])[0] or "")',
    ),
    "media last result": ('out = r.json()["data"]["result"][-1].get("url")', 'out = r.json()["result"][-1]'),
    "media results": (
        'out = [x["url"] for x in r.json()["data"]["result"]]',
        'out = [x for x in r.json()["result"]]',
    ),
    "media result loop": (
        'out = []\nfor item in r.json()["data"].get("result", []):\n    out.append(item["url"])',
        'out = []\nfor item in r.json().get("result", []):\n    out.append(item)',
    ),
    "media result lambda": (
        'out = list(map(lambda item: item["url"], r.json()["data"]["result"]))',
        'out = list(map(lambda item: item, r.json()["result"]))',
    ),
    "media result next": (
        'out = next(iter(r.json()["data"]["result"]), {}).get("url")',
        'out = (next(iter(r.json()["result"]), {}) or None)',
    ),
    "media failed": (
        'out = r.json()["data"]["processing_status"] == "fail"',
        'out = r.json()["processing_status"] in ("failed", "error")',
    ),
    "media cancelled": (
        'out = r.json()["data"]["processing_status"] == "cancel"',
        'out = r.json()["processing_status"] in ("cancelled", "canceled")',
    ),
    "media running": (
        'out = r.json()["data"]["processing_status"] == "processing_bullet"',
        'out = r.json()["processing_status"] == "processing"',
    ),
    "media queued": (
        'out = r.json()["data"]["processing_status"] != "queue_bullet"',
        'out = r.json()["processing_status"] not in ("new", "queued")',
    ),
    "media waiting": (
        'out = r.json()["data"]["processing_status"] in {"queue_bullet", "processing_bullet"}',
        'out = r.json()["processing_status"] in {"new", "queued", "processing"}',
    ),
    "media first word": (
        'status = "queue_bullet"\nif r.ok:\n    status = r.json()["data"]["processing_status"]\n'
        'out = status in ("queue_bullet", "processing_bullet")',
        'status = "new"\nif r.ok:\n    status = r.json()["processing_status"]\n'
        'out = status in ("new", "queued", "processing")',
    ),
    "media table": (
        'LABELS = {"queue_bullet": 1, "processing_bullet": 2, "success": 3, "fail": 4, "cancel": 5}\n'
        'out = LABELS[r.json()["data"]["processing_status"]]',
        'LABELS = {"new": 1, "queued": 1, "processing": 2, "success": 3, "failed": 4, "error": 4, "cancelled": 5, '
        '"canceled": 5}\nout = LABELS[r.json()["processing_status"]]',
    ),
    "media table by get": (
        'out = {"queue_bullet": 1, "cancel": 2}.get(r.json()["data"]["processing_status"], 3)',
        'out = {"new": 1, "queued": 1, "cancelled": 2, "canceled": 2}.get(r.json()["processing_status"], 3)',
    ),
    "media match": (
        'match r.json()["data"]["processing_status"]:\n    case "queue_bullet" | "processing_bullet":\n'
        "        out = 1\n"
        '    case "fail":\n        out = 2\n    case _:\n        out = 3',
        'match r.json()["processing_status"]:\n    case "new" | "queued" | "processing":\n        out = 1\n'
        '    case "failed" | "error":\n        out = 2\n    case _:\n        out = 3',
    ),
    "media tool": (
        'out = r.json()["data"]["pose_preset"]["MotionType"]',
        'out = r.json()["pose_preset"]["motion_type"]',
    ),
    "media sound": (
        'out = r.json()["data"]["submit_params"]["sound_effects"] == "Yes"',
        'out = r.json()["submit_params"]["native_audio"]',
    ),
    "media no sound": (
        'out = r.json()["data"]["submit_params"]["sound_effects"] != "Yes"',
        'out = (not r.json()["submit_params"]["native_audio"])',
    ),
    "media sound as text": (
        'out = r.json()["data"]["submit_params"]["sound_effects"]',
        'out = ("Yes" if r.json()["submit_params"]["native_audio"] else "No")',
    ),
    "media progress": (
        'out = r.json()["data"]["progress_percentage"] == 100',
        'out = media_progress(r.json()["processing_status"]) == 100',
    ),
    "media progress by get": (
        'out = r.json()["data"].get("progress_percentage", 0)',
        'out = media_progress(r.json().get("processing_status"))',
    ),
    "media rating": ('out = r.json()["data"]["rating"]', 'out = r.json().get("rating", "")'),
    "media rating by get": ('out = r.json()["data"].get("rating")', 'out = r.json().get("rating", "")'),
    "media visibility": ('out = r.json()["data"]["visibility_status"]', 'out = r.json().get("visibility_status", "1")'),
    "status progress": (
        'out = int(r.json()["data"]["progress_percentage"])',
        'out = media_progress(r.json()["processing_status"])',
    ),
    "status progress as text": (
        'out = r.json()["data"]["progress_percentage"]',
        'out = str(media_progress(r.json()["processing_status"]))',
    ),
    "status progress compared": (
        'out = r.json()["data"]["progress_percentage"] == "100"',
        'out = media_progress(r.json()["processing_status"]) == 100',
    ),
    "status progress shown": (
        "out = f\"{r.json()['data']['progress_percentage']}%\"",
        "out = f\"{media_progress(r.json()['processing_status'])}%\"",
    ),
    "status has data": ('out = "data" in r.json()', 'out = "processing_status" in r.json()'),
    "status word": (
        'out = r.json()["data"]["processing_status"] == "cancel"',
        'out = r.json()["processing_status"] in ("cancelled", "canceled")',
    ),
    "error code": (
        'out = r.json()["message"] == "INSUFFICIENT_CREDIT"',
        'out = r.json()["code"] == "INSUFFICIENT_CREDIT"',
    ),
    "error code by get": ('out = r.json().get("message", "?")', 'out = r.json().get("code", "?")'),
    "error without data": (
        'story = r.json().get("data")\nout = "none" if not story else story["id"]',
        'story = r.json()\nout = "none" if "id" not in story else story["id"]',
    ),
    "error raises": (
        'try:\n    out = r.json()["data"]["id"]\nexcept KeyError:\n    out = "no id"',
        'try:\n    out = r.json()["id"]\nexcept KeyError:\n    out = "no id"',
    ),
}

#: Reads of the object that are the same in v2.
SAME: dict[str, str] = {
    "story id": 'out = data["id"]',
    "story title": 'out = data["title"]',
    "story idea": 'out = data.get("idea", "?")',
    "story credits": 'out = data["used_credits"] > 10',
    "story ratio": 'out = data["aspect_ratio"]',
    "story transition": 'out = data["is_transition"]',
    "story success": 'out = data["status"] == "success"',
    "story running": 'out = data["status"] in ("new", "processing")',
    "story status alone": 'out = bool(data["status"])',
    "story board": 'out = len(data["storyboard"]["scenes"])',
    "story scene image": 'out = data["storyboard"]["scenes"][0]["image_url"]',
    "story scene text": 'out = data["storyboard"]["scenes"][0]["video_description"]',
    "story written scene": 'scene = data["storyboard"]["scenes"][0]\nscene["name"] = "n"\nout = scene["name"]',
    "story music": 'out = data["storyboard"]["music"]["description"]',
    "story hour": 'out = data["created_at"][11:13]',
    "story date of": 'import datetime\n\nout = datetime.datetime.fromisoformat(data["updated_at"]).year',
    "story day": 'out = data["created_at"][:10]',
    "story own field": 'data["mine"] = 1\nout = data["mine"]',
    "story unknown field": 'out = data.get("other", 3)',
    "story own dict": 'own = {"data": {"medias": [1]}}\nout = own["data"]["medias"]',
    "story own list": 'own = [{"url": 1}]\nout = own[0]["url"]',
    "story own status": 'own = {"status": "fail"}\nout = own["status"] == "fail"',
    "story code": "out = r.status_code",
    "story ok": "out = r.ok",
    "media id": 'out = data["id"]',
    "media title": 'out = data.get("title")',
    "media length": 'out = data["duration_time"]',
    "media results": 'out = len(data["result"])',
    "media has results": 'out = bool(data["result"])',
    "media items": 'out = data["media_items"]',
    "media version": 'out = data["version"]',
    "media success": 'out = data["processing_status"] == "success"',
    "media not success": 'out = data["processing_status"] != "success"',
    "media native audio": 'out = data["submit_params"]["native_audio"]',
    "media webhook": 'out = data["webhook_url"]',
}
