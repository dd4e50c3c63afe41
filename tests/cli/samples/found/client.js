// https://api.vimmerse.net/media is where media are made
const API = 'https://api.vimmerse.net';
const headers = { 'X-Api-Key': process.env.VIMMERSE_KEY };

export async function film(idea) {
  const form = new URLSearchParams({ idea, motion_type: 'RunwayML' });
  const made = await fetch(`${API}/story/idea-2-video`, { method: 'POST', headers, body: form });
  const { data } = await made.json();
  return fetch(API + '/story/' + data.id, { headers });
}

export const rate = (id) =>
  axios.put(`${API}/media/${id}/edit`, { rating: '5', motion_type: 'Sora', duration: seconds });

export const remove = (id) => fetch(`https://api.vimmerse.net/story/${id}`, {
  method: 'DELETE',
  headers,
});
/* fetch(`${API}/media/prompt`) was tried before */
