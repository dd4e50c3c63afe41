"""Get a media's progress. Arguments: MEDIA_ID."""

import requests
from v1_common import HEADERS, data_of, id_argument

url = f"https://api.vimmerse.net/media/{id_argument('media')}/processing-status"
progress = data_of(requests.request("GET", url, headers=HEADERS, timeout=60))
print(f"{progress['processing_status']}: {int(progress['progress_percentage'])}%")
