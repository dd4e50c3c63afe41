import os
import sys

import requests

LABELS = {
    "queue_bullet": "waiting",
    "processing_bullet": "rendering",
    "success": "done",
    "fail": "broken",
    "cancel": "cancelled",
}

media = requests.get(
    f"https://api.vimmerse.net/media/{sys.argv[1]}", headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}
).json()["data"]
print(LABELS[media["processing_status"]])
