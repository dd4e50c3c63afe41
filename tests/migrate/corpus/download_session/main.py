"""The session sends the key with every request: it must not reach the host of the files."""

import os
import sys

import requests

session = requests.Session()
session.headers["X-Api-Key"] = os.environ["VIMMERSE_API_KEY"]
url = f"https://api.vimmerse.net/media/{sys.argv[1]}/download?object_type=bullet_video_mp4"
video = session.get(url)
if video.status_code != 200:
    sys.exit("not ready")
with open("out.mp4", "wb") as out:
    out.write(video.content)
print(len(video.content))
