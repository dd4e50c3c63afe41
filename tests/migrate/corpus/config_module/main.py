import time

import requests

import settings
from settings import STORY_URL, TIMEOUT

HEADERS = {"X-Api-Key": settings.VIMMERSE_KEY}

response = requests.post(
    settings.CREATE_URL,
    headers=HEADERS,
    data={
        "idea": "The moon rents a flat",
        "motion_type": settings.DEFAULT_TOOL,
        "narrator": settings.VOICE,
        "sound_effects": "No",
    },
    timeout=TIMEOUT,
)
response.raise_for_status()
story = response.json()["data"]

while story["status"] != "success":
    if story["status"] == "fail":
        raise SystemExit("failed")
    time.sleep(5)
    story = requests.get(STORY_URL.format(story_id=story["id"]), headers=HEADERS, timeout=TIMEOUT).json()["data"]
print(story["video_url"])
