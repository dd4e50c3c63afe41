import json
import urllib.request

import requests
from settings import V1_BASE


def call(method, path, **options):
    return requests.request(method, V1_BASE + path, **options)


def post_form(path, fields):
    return call("POST", path, data=fields)


new = call("POST", "/story", data={"idea": "A snail wins a race", "story_id": "old"}).json()["data"]
call("GET", f"/story/{new['id']}")
post_form("/story/idea-2-video", {"idea": "Snails again"})

request = urllib.request.Request(f"{V1_BASE}/media/prompt", data=json.dumps({"title": "Snail"}).encode(), method="POST")
urllib.request.urlopen(request)
LATER = f"{V1_BASE}/media/upload"
