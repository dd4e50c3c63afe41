"""All the steps of a story, with an edited storyboard between them."""

import json
import os
import time

import requests

API = "https://api.vimmerse.net"
HEADERS = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}


response = requests.post(f"{API}/story", headers=HEADERS, data={"idea": "A pear goes to sea", "scene_count": 2})
response.raise_for_status()
story = response.json()["data"]
story_id = story["id"]

storyboard = story["storyboard"]
storyboard["scenes"][0]["image_description"] = "Dawn: the pear waves goodbye"

response = requests.post(
    f"{API}/story/{story_id}/elements",
    headers=HEADERS,
    data={"storyboard": json.dumps(storyboard), "aspect_ratio": "16:9"},
)
story = response.json()["data"]
print("elements", story["id"] == story_id)

response = requests.post(
    f"{API}/story/{story_id}/scenes",
    headers=HEADERS,
    data={"storyboard": json.dumps(story["storyboard"]), "narrator": "Will"},
)
story = response.json()["data"]
print("scenes", len(story["storyboard"]["scenes"]))

response = requests.post(
    f"{API}/story/{story_id}/videos",
    headers=HEADERS,
    data={"title": "A pear goes to sea", "motion_type": "KlingAI", "duration": 5, "is_transition": "No"},
)
story = response.json()["data"]
print("videos", len(story["medias"]))

while story["status"] != "success":
    time.sleep(5)
    story = requests.get(f"{API}/story/{story_id}", headers=HEADERS).json()["data"]
    if story["status"] == "fail":
        raise SystemExit("failed")
print(story["video_url"])
