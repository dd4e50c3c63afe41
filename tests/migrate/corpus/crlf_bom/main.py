# été — comments stay
import os
import requests

r = requests.post(
    "https://api.vimmerse.net/media",
    headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
    data={"prompt": "L’été à la plage", "motion_type": "Vidu"},  # ☀
)
print(r.json()["data"]["id"])
