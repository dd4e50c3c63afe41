import os
from functools import partial

import requests

API = "https://api.vimmerse.net"
post = partial(requests.post, headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}, timeout=30)

media = post(f"{API}/media", data={"prompt": "A stamp travels", "duration": 5}).json()["data"]
print(media["id"])
