"""Create a video with two image files as its first and last frame. Arguments: [FIRST LAST]."""

import requests
from v1_common import HEADERS, IMAGES, argument, data_of, show

first = argument(1, str(IMAGES / "start_frame.png"))
last = argument(2, str(IMAGES / "end_frame.png"))

with open(first, "rb") as start, open(last, "rb") as end:
    files = [
        ("image_files", ("start_frame.png", start, "image/png")),
        ("image_files", ("end_frame.png", end, "image/png")),
    ]
    response = requests.post(
        "https://api.vimmerse.net/media",
        headers=HEADERS,
        data={"title": "From the first picture to the last"},
        files=files,
        timeout=60,
    )
show(data_of(response))
