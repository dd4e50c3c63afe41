import os, sys, time
import requests

HOST = "https://api.vimmerse.net"
headers = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}
payload = {"prompt": "Waves break on black sand", "duration": "8", "quantity": "1"}

media = None
for attempt in range(3):
    try:
        r = requests.post(HOST + "/media", headers=headers, data=payload, timeout=(5, 60))
        r.raise_for_status()
        media = r.json()["data"]
        break
    except requests.exceptions.Timeout:
        print("timeout, once more", file=sys.stderr)
        time.sleep(2 ** attempt)
    except requests.exceptions.HTTPError as e:
        if e.response.status_code == 402:
            sys.exit("buy credits")
        raise

if media is None:
    sys.exit("gave up")

tries = 0
while tries < 30:
    tries += 1
    try:
        r = requests.get(HOST + "/media/" + media["id"] + "/processing-status", headers=headers)
        status = r.json()["data"]["processing_status"]
    except requests.exceptions.RequestException:
        time.sleep(1)
        continue
    if status == "success":
        print("done", media["id"])
        break
    elif status in ("fail", "cancel"):
        print("failed", media["id"])
        break
    time.sleep(2)
