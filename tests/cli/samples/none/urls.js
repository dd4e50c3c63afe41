// fetch('https://api.vimmerse.net/story')
const API = 'https://api.vimmerse.net/v2';
fetch(`${API}/story/idea-2-video`, { method: 'POST' });
fetch('https://api.vimmerse.net/v2/media');
fetch('https://cdn.example.com/media/1.png');
app.get('/media/:id', show);
