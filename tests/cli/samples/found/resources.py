"""Resources that only v1 has."""

import requests

API = "https://api.vimmerse.net"

requests.get("https://api.vimmerse.net/workflow/1")
requests.post(f"{API}/image", files={"image_file": open("a.png", "rb")})
requests.get(API + "/customer-statistics")
