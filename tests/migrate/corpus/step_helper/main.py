"""The same steps by one helper, which gets the path and the form."""

import os

import requests

API = "https://api.vimmerse.net"
HEADERS = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}


def post(path, payload=None):
    response = requests.post(API + path, headers=HEADERS, data=payload, timeout=60)
    response.raise_for_status()
    return response.json()["data"]


story = post("/story", {"idea": "A pear goes to sea", "scene_count": 2})
story = post("/story/%s/elements" % story["id"])
story = post(f"/story/{story['id']}/scenes", {"narrator": "Will"})
story = post(f"/story/{story['id']}/videos", {"title": "Pear", "motion_type": "KlingAI"})
print(len(story["medias"]))
