"""Nothing but the standard library."""

import json
import os
import time
from urllib.parse import urlencode
from urllib.request import Request, urlopen

API = "https://api.vimmerse.net"
KEY = os.environ["VIMMERSE_API_KEY"]


form = urlencode({"idea": "Two cats open a bakery", "scene_count": 3, "title": "Bakery"}).encode()
request = Request(f"{API}/story/idea-2-video", data=form, headers={"X-Api-Key": KEY})
with urlopen(request) as response:
    story = json.loads(response.read())["data"]
print(story["id"], story["title"])

while story["status"] not in ("success", "fail"):
    time.sleep(5)
    with urlopen(Request(f"{API}/story/{story['id']}", headers={"X-Api-Key": KEY})) as response:
        story = json.loads(response.read())["data"]
print(story["status"] == "success")
