import os
import time
from enum import Enum

import requests


class Status(str, Enum):
    QUEUED = "queue_bullet"
    RUNNING = "processing_bullet"
    DONE = "success"
    FAILED = "fail"


RUNNING = {Status.QUEUED.value, Status.RUNNING.value}
API = "https://api.vimmerse.net/media"
HEADERS = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}

media = requests.post(API, headers=HEADERS, data={"prompt": "A bell rings under water", "duration": 3}).json()["data"]
while media["processing_status"] in RUNNING:
    time.sleep(1)
    media = requests.get(f"{API}/{media['id']}", headers=HEADERS).json()["data"]
if media["processing_status"] == Status.DONE.value:
    print("done", len(media["result"]))
else:
    print("not done")
