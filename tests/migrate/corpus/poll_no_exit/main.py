import os
import time

import requests

API = "https://api.vimmerse.net"
HEADERS = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}

story = requests.post(f"{API}/story/idea-2-video", headers=HEADERS, data={"idea": "A tram on holiday"}).json()["data"]
while story["status"] != "success":
    time.sleep(10)
    story = requests.get(f"{API}/story/{story['id']}", headers=HEADERS).json()["data"]
print("done")
