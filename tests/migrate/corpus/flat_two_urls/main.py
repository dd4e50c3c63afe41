import os

import requests

# Two frames: the film goes from the first one to the last one.
url = "https://api.vimmerse.net/media"
payload = {
    'title': 'New Media example with 2 image URLs, generate 2 video with motion type.',
    'image_urls': [
        'https://example.com/path/to/your/start_frame.png',
        'https://example.com/path/to/your/end_frame.png',
    ],
    'motion_type': 'KlingAI',
    'quantity': 2
}
headers = {
    'X-Api-Key': os.environ['VIMMERSE_API_KEY']
}
response = requests.post(url, headers=headers, data=payload)
response.raise_for_status()
media_id = response.json()['data']['id']
print(media_id)
