"""Get a media and the URLs of its videos. Arguments: MEDIA_ID."""

import requests
from v1_common import HEADERS, data_of, id_argument, show

url = f"http://api.vimmerse.net/media/{id_argument('media')}"
media = data_of(requests.request("GET", url, headers=HEADERS, timeout=60))["data"]  # wrapped twice, this one
show(media)
for result in media["result"]:
    print(result["url"])
