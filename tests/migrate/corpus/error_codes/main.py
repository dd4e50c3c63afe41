import os
import sys

import requests

r = requests.post(
    "https://api.vimmerse.net/story/idea-2-video",
    headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
    data={"idea": "A very expensive film", "scene_count": 3},
)
if r.status_code == 402 or r.status_code != 200 and r.json()["message"] == "INSUFFICIENT_CREDIT":
    print("not enough credits:", r.json()["message"])
    sys.exit(3)
if not r.ok:
    message = r.json().get("message")
    if message == "REACHED_LIMIT":
        sys.exit("slow down")
    sys.exit(f"error: {message}")
print(r.json()["data"]["id"])
