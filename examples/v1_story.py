"""A v1 integration: create a video from an idea and save it.

It was written for v1 of the API. It runs on v2 unchanged:

    vimmerse run examples/v1_story.py "A lighthouse keeper befriends a whale" lighthouse.mp4

Settings: VIMMERSE_API_KEY, and STORY_POLL_SECONDS, the seconds between two polls (5).
"""

import os
import sys
import time

import requests

API = "https://api.vimmerse.net"
POLL_SECONDS = float(os.environ.get("STORY_POLL_SECONDS", "5"))

idea = sys.argv[1] if len(sys.argv) > 1 else "A paper boat sails down a rainy street and finds the sea"
video_file = sys.argv[2] if len(sys.argv) > 2 else "story.mp4"

session = requests.Session()
session.headers["X-Api-Key"] = os.environ.get("VIMMERSE_API_KEY", "YOUR_API_KEY")

response = session.post(
    f"{API}/story/idea-2-video",
    data={
        "idea": idea,
        "title": "Paper boat",
        "scene_count": 3,
        "aspect_ratio": "9:16",
        "option": "FluxKontextPro",
        "motion_type": "KlingAI",
        "duration": 5,
        "narrator": "Sarah",
        "background_music": True,
    },
    timeout=60,
)
if response.status_code != 200:
    sys.exit(f"The request was rejected ({response.status_code}): {response.json().get('message')}")
story = response.json()["data"]
print(f"Story {story['id']}: {story['status']}")

while story["status"] != "success":
    time.sleep(POLL_SECONDS)
    response = session.get(f"{API}/story/{story['id']}", timeout=60)
    response.raise_for_status()
    story = response.json()["data"]
    print(f"Story {story['id']}: {story['status']}")
    if story["status"] == "fail":
        sys.exit("The story failed. Create it again.")

# The video is composed shortly after the last scene is done.
while not story["video_url"]:
    time.sleep(POLL_SECONDS)
    story = session.get(f"{API}/story/{story['id']}", timeout=60).json()["data"]

with requests.get(story["video_url"], stream=True, timeout=60) as download:
    download.raise_for_status()
    with open(video_file, "wb") as file:
        for piece in download.iter_content(64 * 1024):
            file.write(piece)
print(f"Saved {video_file} ({os.path.getsize(video_file):,} bytes)")
