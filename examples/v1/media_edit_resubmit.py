"""Edit how a media is animated: it is generated again, which costs credits. Arguments: MEDIA_ID."""

import requests
from v1_common import HEADERS, data_of, id_argument, show

url = f"http://api.vimmerse.net/media/{id_argument('media')}/edit"
payload = {"title": "Longer, by another tool", "motion_type": "RunwayML", "duration": 9}
show(data_of(requests.put(url, headers=HEADERS, data=payload, timeout=60)))
