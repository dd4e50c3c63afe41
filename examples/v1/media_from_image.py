"""Create a video with sound from an image file. Arguments: [IMAGE]."""

import requests
from v1_common import HEADERS, IMAGES, argument, data_of, show

payload = {
    "title": "From one picture",
    "prompt": "The sun climbs slowly over the meadow.",
    "sound_effects": "Yes",
}
with open(argument(1, str(IMAGES / "start_frame.png")), "rb") as image:
    files = [("image_files", ("image.png", image, "image/png"))]
    response = requests.request(
        "POST", "https://api.vimmerse.net/media", headers=HEADERS, data=payload, files=files, timeout=60
    )
show(data_of(response))
