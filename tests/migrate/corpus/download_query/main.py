import os
import sys

import requests

API = "https://api.vimmerse.net"
media_id = sys.argv[1]

with requests.get(
    f"{API}/media/{media_id}/download",
    params={"object_type": "bullet_video_mp4", "motion_type": "Auto1"},
    headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
    stream=True,
    timeout=60,
) as response:
    response.raise_for_status()
    with open("kite.mp4", "wb") as file:
        for chunk in response.iter_content(chunk_size=8192):
            file.write(chunk)
print("saved", os.path.getsize("kite.mp4"))
