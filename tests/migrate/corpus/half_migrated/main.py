"""Half of it is on v2 already."""

import os

import requests

API = "https://api.vimmerse.net"
HEADERS = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}


def create_v2(idea):
    r = requests.post(f"{API}/v2/story/idea-2-video", headers=HEADERS, json={"idea": idea, "scene_count": 2})
    r.raise_for_status()
    return r.json()["id"]


def details(story_id):
    return requests.get(f"{API}/story/{story_id}", headers=HEADERS).json()["data"]


story_id = create_v2("A cork in the ocean")
print(details(story_id)["id"] == story_id)
