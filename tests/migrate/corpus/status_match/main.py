import os
import time

import requests

API = "https://api.vimmerse.net"
HEADERS = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}


def state(media_id):
    data = requests.get(f"{API}/media/{media_id}/processing-status", headers=HEADERS).json()["data"]
    match data["processing_status"]:
        case "queue_bullet" | "processing_bullet":
            return None
        case "success":
            return True
        case "fail" | "cancel":
            return False
        case other:
            raise ValueError(other)


media_id = requests.post(f"{API}/media", headers=HEADERS, data={"prompt": "Two keys swap doors"}).json()["data"]["id"]
while (finished := state(media_id)) is None:
    time.sleep(3)
print(media_id, "finished" if finished else "failed")
