import os
import sys
import time

import httpx

with httpx.Client(
    base_url="https://api.vimmerse.net",
    headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
    timeout=httpx.Timeout(60, connect=10),
) as client:
    created = client.post("/media", data={"prompt": sys.argv[1], "motion_type": "VeoFast", "aspect_ratio": "1:1"})
    created.raise_for_status()
    media_id = created.json()["data"]["id"]
    print("media", media_id)

    while True:
        media = client.get(f"/media/{media_id}").raise_for_status().json()["data"]
        if media["processing_status"] == "success":
            break
        if media["processing_status"] in ("fail", "cancel"):
            sys.exit("no video")
        time.sleep(2)

    # the results are on another host: without the key
    video = httpx.get(media["result"][0]["url"])
    with open("clip.mp4", "wb") as file:
        file.write(video.content)
    print("saved", len(video.content), "bytes")
