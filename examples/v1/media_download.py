"""Save a media's video. Arguments: MEDIA_ID."""

import requests
from v1_common import HEADERS, id_argument, save

url = f"https://api.vimmerse.net/media/{id_argument('media')}/download"
response = requests.get(f"{url}?object_type=bullet_video_mp4&motion_type=Auto", headers=HEADERS, timeout=60)
save(response, "video.mp4")
