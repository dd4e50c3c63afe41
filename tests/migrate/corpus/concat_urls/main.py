import os
import sys

import requests

API = "https://api.vimmerse.net"
HEADERS = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}
story_id = sys.argv[1]

# Nothing: all of its videos.
r = requests.post(f"{API}/story/{story_id}/concat", headers=HEADERS)
print(r.status_code)

# Chosen ones.
r = requests.post(
    f"{API}/story/{story_id}/concat",
    headers=HEADERS,
    data={
        "concat_video_urls": ["https://example.com/scene1.mp4", "https://example.com/scene2.mp4"],
        "audio_urls": "https://example.com/music.mp3",
    },
)
print(r.status_code, r.json()["data"]["id"] == story_id)
