import os, time, sys
import requests

API = "https://api.vimmerse.net"
H = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}

media_id = requests.post(API + "/media", headers=H, data={"prompt": "A candle burns upwards"}).json()["data"]["id"]
while True:
    state = requests.get(f"{API}/media/{media_id}/processing-status", headers=H).json()["data"]
    if state["processing_status"] == "success": break
    if state["processing_status"] == "fail" or state["processing_status"] == "cancel":
        sys.exit("it failed")
    time.sleep(4)
print("finished", media_id)
