import os
from urllib.parse import urljoin

import requests

SCHEME = "https"
HOST = "api.vimmerse.net"
ROOT = SCHEME + "://" + HOST
STORY_PATH = "/story/%s"
headers = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}

created = requests.post(urljoin(ROOT, "/story"), headers=headers, data={"idea": "Ants build a bridge", "scene_count": 2})
story_id = created.json()["data"]["id"]

detail = requests.get("{}/story/{}".format(ROOT, story_id), headers=headers).json()["data"]
print(detail["id"] == story_id)

again = requests.get(ROOT + STORY_PATH % story_id, headers=headers).json()["data"]
print(again["id"] == story_id)

last = requests.get("/".join([ROOT, "story", story_id]), headers=headers).json()["data"]
print(last["id"] == story_id)

gone = requests.delete(f"{SCHEME}://{HOST}/story/{story_id}", headers=headers)
print(gone.status_code)
