import requests
import json
import time
import os

API_KEY = os.environ['VIMMERSE_API_KEY']
BASE_URL = "https://api.vimmerse.net"
CREATE_MEDIA_UPLOAD_URL = f"{BASE_URL}/media/upload"
PROCESS_STATUS_URL_TEMPLATE = f"{BASE_URL}/media/{{media_id}}/processing-status"
DOWNLOAD_URL_TEMPLATE = f"{BASE_URL}/media/{{media_id}}/download?object_type=bullet_video_mp4&motion_type=Auto1"
headers = {
    'X-Api-Key': API_KEY,
}
# Create media request data
request_data = {
    "title": "New Media Example With Transition",
    "is_transition": "Yes",
    "pose_preset": [
        {"MotionType": "Auto", "Params": "Prompt=|Quantity=2|MotionAmount=5|MotionLength=5|Loop=1"}
    ]
}

try:
    # Send POST request to upload media
    with open('f1.png', 'rb') as file1, open('f2.png', 'rb') as file2:
        files = [('image', ('f1.png', file1, 'image/png')), ('image', ('f2.png', file2, 'image/png'))]
        payload = {"data": json.dumps(request_data)}
        response = requests.post(CREATE_MEDIA_UPLOAD_URL, headers=headers, data=payload, files=files)
    response.raise_for_status() # Check for HTTP errors
    media_data = response.json()
    media_id = media_data['data']['id']
except requests.exceptions.RequestException as e:
    print(f"Failed to create media: {e}")
    exit()

# Wait for media processing to complete
try:
    percentage = 0
    while percentage != 100:
        time.sleep(5)
        url = PROCESS_STATUS_URL_TEMPLATE.format(media_id=media_id)
        status_response = requests.get(url, headers=headers)
        status_response.raise_for_status()
        progress_data = status_response.json()
        percentage = int(progress_data['data']['progress_percentage'])
except requests.exceptions.RequestException as e:
    print(f"Failed to get media processing status: {e}")
    exit()

# Download the generated bullet video
try:
    download_url = DOWNLOAD_URL_TEMPLATE.format(media_id=media_id)
    download_response = requests.get(download_url, headers=headers)
    download_response.raise_for_status()
    output_dir = "./tmp"
    os.makedirs(output_dir, exist_ok=True)
    output_path = os.path.join(output_dir, "output.mp4")
    with open(output_path, 'wb') as file:
        file.write(download_response.content)
    print(f"Downloaded video saved to {output_path}")
except requests.exceptions.RequestException as e:
    print(f"Failed to download video: {e}")
