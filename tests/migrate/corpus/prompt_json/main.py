import os
import requests

url = 'https://api.vimmerse.net/media/prompt'
text = 'A running shoe turns on a bright paper background'
payload = {
    'title': 'Shoe',
    'description': 'For the shop window',
    'pose_preset': {
        'MotionType': 'Auto',
        'Params': 'Prompt=' + text + '|Quantity=1|MotionAmount=5|MotionLength=6|Loop=2|AspectRatio=1:1',
    },
    'submit_params': {'pipeline_preset': 'Normal', 'sound_effects': 'Yes'},
}
response = requests.post(url, json=payload, headers={'X-Api-Key': os.environ['VIMMERSE_API_KEY']})
media = response.json()['data']
print(media['id'], media['title'], media['description'])
