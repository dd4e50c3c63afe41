"""Save a media's video with a width (pixels) and a file size (MB). Arguments: MEDIA_ID."""

import requests
from v1_common import HEADERS, id_argument, save

url = f"https://api.vimmerse.net/media/{id_argument('media')}/download"
query = {"object_type": "bullet_video_mp4", "motion_type": "Auto", "width": "1080", "file_size": "4"}
save(requests.get(url, params=query, headers=HEADERS, timeout=60), "video_1080.mp4")
