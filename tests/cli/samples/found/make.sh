#!/bin/sh
# curl https://api.vimmerse.net/story is only a comment
API=https://api.vimmerse.net
curl -s -X POST "$API/story/idea-2-video" -H "X-Api-Key: $KEY" \
  -d idea="A storm is coming" \
  -d motion_type=Veo -d narrator="$VOICE" \
  --data-urlencode "title=Storm & calm"
curl "$API/media/$ID" -H "X-Api-Key: $KEY"
curl https://api.vimmerse.net/media -F image_files=@start.png -F image_files=@end.png -F extend_video=Yes
curl --json '{
  "title": "Waves",
  "primary_user_id": "u1"
}' https://api.vimmerse.net/media/prompt
