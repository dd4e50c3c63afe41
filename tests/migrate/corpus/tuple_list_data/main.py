import os

import requests

form = [
    ("title", "From two pictures"),
    ("image_urls", "https://example.com/frames/start.png"),
    ("image_urls", "https://example.com/frames/end.png"),
    ("motion_type", "Pixverse"),
    ("duration", "6"),
    ("aspect_ratio", "3:4"),
]
response = requests.post(
    "https://api.vimmerse.net/media",
    headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
    data=form,
)
assert response.status_code == 200, response.text
print(response.json()["data"]["title"])
