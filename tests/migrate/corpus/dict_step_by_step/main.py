import os
import sys

import requests

with_music = "--no-music" not in sys.argv
portrait = "--portrait" in sys.argv

payload = {}
payload["idea"] = "A violin looks for its bow"
payload["title"] = "Violin"
payload["scene_count"] = 2
if portrait:
    payload["aspect_ratio"] = "9:16"
else:
    payload["aspect_ratio"] = "16:9"
payload["background_music"] = with_music
payload["narrator"] = "Lily"
payload["is_transition"] = "Yes"  # soft cuts

r = requests.post(
    "https://api.vimmerse.net/story/idea-2-video",
    data=payload,
    headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
)
data = r.json()["data"]
print(data["id"])
