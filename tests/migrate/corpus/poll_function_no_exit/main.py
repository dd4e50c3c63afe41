import os
import time

import requests

API = "https://api.vimmerse.net"
HEADERS = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}


def wait_for(media_id):
    while True:
        r = requests.get(f"{API}/media/{media_id}", headers=HEADERS)
        media = r.json()["data"]
        if media["processing_status"] == "success":
            return media
        time.sleep(3)


r = requests.post(f"{API}/media", headers=HEADERS, data={"prompt": "Moss grows over a bicycle"})
media = wait_for(r.json()["data"]["id"])
for number, item in enumerate(media["result"], start=1):
    print(number, item["url"])
