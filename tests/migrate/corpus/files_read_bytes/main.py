from pathlib import Path
import os

import httpx

picture = Path("shoe.png")
with httpx.Client(headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}) as http:
    answer = http.post(
        "https://api.vimmerse.net/media",
        data={"prompt": "The shoe runs alone", "duration": 9},
        files={"image_files": (picture.name, picture.read_bytes(), "image/png")},
    )
    print(answer.status_code, answer.json()["data"]["id"])
