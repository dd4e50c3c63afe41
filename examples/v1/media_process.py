"""Generate a media's video again: a POST without a body, which costs credits. Arguments: MEDIA_ID."""

import requests
from v1_common import HEADERS, data_of, id_argument, show

url = f"https://api.vimmerse.net/media/{id_argument('media')}/process"
show(data_of(requests.request("POST", url, headers=HEADERS, timeout=60)))
