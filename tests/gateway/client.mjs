// A v1 client that knows nothing of v2: create a media from a file, poll its status without a key, download it.
// node client.mjs BASE_URL API_KEY IMAGE
import { readFile } from "node:fs/promises";

const [base, key, image] = process.argv.slice(2);
const form = new FormData();
form.append("title", "From Node");
form.append("prompt", "Waves, slowly");
form.append("motion_type", "KlingAI");
form.append("image_files", new Blob([await readFile(image)], { type: "image/png" }), "start.png");

const created = await fetch(`${base}/media`, { method: "POST", headers: { "X-Api-Key": key }, body: form });
const { id } = (await created.json()).data;

let status;
do {
  const answer = await fetch(`${base}/media/${id}/processing-status`);
  status = (await answer.json()).data.processing_status;
} while (status === "queue_bullet" || status === "processing_bullet");

const media = (await (await fetch(`${base}/media/${id}`, { headers: { "X-Api-Key": key } })).json()).data;
const file = await fetch(media.result[0].url);
const query = "motion_type=KlingAI1&object_type=bullet_video_mp4";
const download = await fetch(`${base}/media/${id}/download?${query}`, { headers: { "X-Api-Key": key } });
const [direct, through] = [Buffer.from(await file.arrayBuffer()), Buffer.from(await download.arrayBuffer())];

console.log(
  JSON.stringify({
    created: created.status,
    notices: created.headers.get("x-vimmerse-notice"),
    id,
    status,
    size: through.length,
    same: direct.equals(through),
    type: download.headers.get("content-type"),
  }),
);
