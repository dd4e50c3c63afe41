import os
import sys

import requests

FAST = "--fast" in sys.argv
QUIET = "--quiet" in sys.argv

response = requests.post(
    "https://api.vimmerse.net/story/idea-2-video",
    headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
    data={
        "idea": "A queue at the moon's ticket office",
        "motion_type": "VeoFast" if FAST else "KlingAI",
        "background_music": not QUIET,
        "scene_count": 2 if FAST else 4,
        "is_transition": "No" if FAST else "Yes",
    },
)
print(response.json()["data"]["id"])
