"""Shows the progress as a bar: v2 knows the status only."""

import os
import sys
import time

import requests

API = "https://api.vimmerse.net"
HEADERS = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}

media_id = sys.argv[1]
while True:
    data = requests.get(f"{API}/media/{media_id}/processing-status", headers=HEADERS).json()["data"]
    done = int(data["progress_percentage"])
    print("[" + "#" * (done // 10) + "." * (10 - done // 10) + "]")
    if done >= 100:
        break
    time.sleep(1)
