import os
from pathlib import Path

import requests

# As many as there are: the first and the last count.
frames = sorted(Path("frames").glob("*.png"))
files = [("image_files", (path.name, path.open("rb"), "image/png")) for path in frames]

response = requests.post(
    "https://api.vimmerse.net/media",
    headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
    data={"title": "Frames"},
    files=files,
)
print(response.json()["data"]["title"])
