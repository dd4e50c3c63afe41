"""Edit a media's metadata, without generating it again. Arguments: MEDIA_ID [TITLE]."""

import requests
from v1_common import HEADERS, argument, data_of, id_argument, show

url = f"http://api.vimmerse.net/media/{id_argument('media')}/edit"
payload = {"title": argument(2, "A better title"), "rating": "5", "visibility_status": "2"}
show(data_of(requests.request("PUT", url, headers=HEADERS, data=payload, timeout=60)))
