"""A v1 integration: an idea becomes a video file.

It was written for v1 of the API and knows nothing of v2. It runs on v2 unchanged:

    vimmerse run examples/v1_story.py "A lighthouse keeper befriends a whale" lighthouse.mp4

Settings: VIMMERSE_API_KEY, and STORY_POLL_SECONDS between two looks at the progress (5).
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

answer = session.post(
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
if answer.status_code != 200:
    sys.exit(f"The story was refused ({answer.status_code}): {answer.json().get('message')}")
story = answer.json()["data"]
print(f"Story {story['id']}: {story['status']}")

while story["status"] != "success":
    time.sleep(POLL_SECONDS)
    answer = session.get(f"{API}/story/{story['id']}", timeout=60)
    answer.raise_for_status()
    story = answer.json()["data"]
    print(f"Story {story['id']}: {story['status']}")
    if story["status"] == "fail":
        sys.exit("The story failed. Send it again.")

# The scenes are joined shortly after the last of them is done.
while not story["video_url"]:
    time.sleep(POLL_SECONDS)
    story = session.get(f"{API}/story/{story['id']}", timeout=60).json()["data"]

with requests.get(story["video_url"], stream=True, timeout=60) as download:
    download.raise_for_status()
    with open(video_file, "wb") as file:
        for piece in download.iter_content(64 * 1024):
            file.write(piece)
print(f"Saved {video_file} ({os.path.getsize(video_file):,} bytes)")
