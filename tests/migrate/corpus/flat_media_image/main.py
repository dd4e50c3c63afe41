import os
import requests

url = "https://api.vimmerse.net/media"

payload = {
    'title': 'New Media example with image upload',
    'prompt': 'Generate a video that make your idea to life.',
    'sound_effects': 'Yes'
}
files=[
    ('image_files',('image.png',open('cat.png','rb'),'image/png'))
]
headers = {
    'X-Api-Key': os.environ.get('VIMMERSE_API_KEY')
}

response = requests.request("POST", url, headers=headers, data=payload, files=files)
media = response.json()['data']
print('created', media['id'], media['title'])
