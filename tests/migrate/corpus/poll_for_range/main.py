import os
import time

import requests

API = "https://api.vimmerse.net"
session = requests.Session()
session.headers.update({"X-Api-Key": os.environ["VIMMERSE_API_KEY"]})

story = session.post(f"{API}/story/idea-2-video", data={"idea": "Toys repair a radio"}).json()["data"]
for attempt in range(60):
    story = session.get(f"{API}/story/{story['id']}").json()["data"]
    if story["status"] == "success":
        print("ready:", story["video_url"])
        break
    elif story["status"] == "fail":
        print("failed")
        break
    time.sleep(10)
else:
    print("still not ready")
