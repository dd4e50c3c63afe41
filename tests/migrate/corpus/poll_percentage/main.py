import os
import time

import requests

API = "https://api.vimmerse.net"
HEADERS = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}


def progress(media_id):
    response = requests.get(f"{API}/media/{media_id}/processing-status", headers=HEADERS)
    return int(response.json()["data"]["progress_percentage"])


media = requests.post(f"{API}/media", headers=HEADERS, data={"prompt": "Ink spreads in water"}).json()["data"]
percentage = 0
while percentage != 100:
    time.sleep(5)
    percentage = progress(media["id"])
detail = requests.get(f"{API}/media/{media['id']}", headers=HEADERS).json()["data"]
print(len(detail["result"]), "result")
