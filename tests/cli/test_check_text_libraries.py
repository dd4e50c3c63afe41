"""Calls by the HTTP libraries of other languages: their addresses, methods and fields; what only looks like them."""

from __future__ import annotations

from pathlib import Path

import pytest
from vimmerse.compat.migrate.check import check

from tests.cli.scans import calls, notes, of

IDEA = "POST /story/idea-2-video"

#: For each library: the suffix, a program, and its calls with the fields that a report has to mention.
LIBRARIES: dict[str, tuple[str, str, list[tuple[str, set[str]]]]] = {
    "axios, an instance": (
        ".ts",
        """
const api = axios.create({ baseURL: 'https://api.vimmerse.net/', headers });
const made = await api.post<Story>('/story/idea-2-video', { idea, motion_type: 'Kling2', seed: 3 });
const gone = await api.request<Story>({ method: 'delete', url: `/story/${made.id}` });
""",
        [(IDEA, {"motion_type", "seed"}), ("DELETE /story/{...}", set())],
    ),
    "ky, relative paths": (
        ".ts",
        """
const http = ky.create({ prefixUrl: 'https://api.vimmerse.net', headers });
const made = await http.post('story/idea-2-video', { json: { idea, seed: 4 } }).json<Story>();
const media = await http.get(`media/${id}`).json();
const other = { type: 'media', kind: "story" }; cache.get("story"); s3.put('media/' + name);
""",
        [(IDEA, {"seed"}), ("GET /media/{...}", set())],
    ),
    "superagent": (
        ".js",
        """
request
  .post('https://api.vimmerse.net/story/idea-2-video')
  .type('form')
  .send({ idea: 'x', seed: 4 })
  .send({ motion_type: 'Kling2' })
  .end((error, answer) => save({ narrator: answer.body }));
""",
        [(IDEA, {"motion_type", "seed"})],
    ),
    "request, with options": (
        ".js",
        """
var options = {
  'method': 'POST',
  'url': 'https://api.vimmerse.net/story/idea-2-video',
  formData: { 'idea': 'boat', 'seed': '4' }
};
options.form = 1;
request(options, function (error, answer) {});
""",
        [(IDEA, {"seed"})],
    ),
    "https.request": (
        ".js",
        """
const data = JSON.stringify({ idea: 'x', seed: 3 });
const req = https.request({ hostname: 'api.vimmerse.net', path: '/story/idea-2-video', method: 'POST' }, done);
req.write(data);
""",
        [(IDEA, {"seed"})],
    ),
    "fields in a loop": (
        ".ts",
        """
const API = 'https://api.vimmerse.net';
async function film(fields: { seed: string, idea: string }) {
  const all = { ...fields, seed: '3' };
  const form = new FormData();
  for (const [k, v] of Object.entries(options)) form.append(k, v);
  function other() { const form = new FormData(); for (const [k, v] of Object.entries(all)) form.set(k, v); }
  for (const [name, value] of Object.entries(all)) { if (value) form.append(name, value); }
  Object.entries({ motion_type: 'Veo' }).forEach(([k, v]) => form.append(k, v));
  await fetch(API + '/story/idea-2-video', { method: 'POST', body: form });
}
""",
        [(IDEA, {"motion_type", "seed"})],
    ),
    "a URL in a variable": (
        ".ts",
        """
const url = `https://api.vimmerse.net/media/${id}${all ? `?fields=${all}` : ''}`;
const answer = await fetch(url);
const other = 'https://api.vimmerse.net/story/' + id;
await fetch(other, { method: 'DELETE' });
""",
        [("GET /media/{...}", set()), ("DELETE /story/{...}", set())],
    ),
    "a template of several lines": (
        ".js",
        "const a = await fetch(\n  `https://api.vimmerse.net/media/${\n    encodeURIComponent(id)\n  }/download`,\n)",
        [("GET /media/{...}/download", set())],
    ),
    "regular expressions": (
        ".js",
        "const a = /`/g, b = s.replace(/\"/g, '');\nfetch(`https://api.vimmerse.net/media/${id}/download`);",
        [("GET /media/{...}/download", set())],
    ),
    "a minified program": (
        ".js",
        'var e="https://api.vimmerse.net";function t(t){return fetch(e+"/story/idea-2-video",{method:"POST",body:t})}'
        'function n(t){return fetch(e+"/story/"+t)}',
        [(IDEA, set()), ("GET /story/{...}", set())],
    ),
    "a page": (
        ".html",
        "<p>Don't wait</p><script>fetch('https://api.vimmerse.net/story/1')</script>",
        [("GET /story/1", set())],
    ),
    "Guzzle with a base URI": (
        ".php",
        """<?php
$client = new Client(['base_uri' => 'https://api.vimmerse.net/']);
$client->post('story/idea-2-video', ['multipart' => [['name' => 'motion_type', 'contents' => 'Kling2']]]);
$client->request('DELETE', 'story/' . $id);
""",
        [(IDEA, {"motion_type"}), ("DELETE /story/{...}", set())],
    ),
    "Laravel": (
        ".php",
        """<?php
$a = Http::baseUrl('https://api.vimmerse.net')->attach('image_files', $bytes)->post('/media', ['title' => 'x']);
$b = wp_remote_get("{$this->base}/story/{$id}");
""",
        [("POST /media", {"image_files"}), ("GET /story/{...}", set())],
    ),
    "resty": (
        ".go",
        """
var client = resty.New().SetBaseURL("https://api.vimmerse.net")
func film() {
	answer, err := client.R().
		SetFormData(map[string]string{"idea": "x", "seed": "3"}).
		Post("/story/idea-2-video")
}
""",
        [(IDEA, {"seed"})],
    ),
    "net/http": (
        ".go",
        """
const API = "https://api.vimmerse.net"
func get(id string) { req, _ := http.NewRequest(http.MethodGet, fmt.Sprintf("%s/media/%s", API, id), nil) }
func del(id string) { req, _ := http.NewRequest(http.MethodDelete, API+"/story/"+url.PathEscape(id), nil) }
""",
        [("GET /media/{...}", set()), ("DELETE /story/{...}", set())],
    ),
    "OkHttp": (
        ".java",
        """
class A {
  static final String API = "https://api.vimmerse.net";
  void all(String id) {
    var a = new Request.Builder().url(API + "/story/" + id).delete().build();
    var b = new Request.Builder().url(API + "/media/" + id).put(body).build();
    var c = new Request.Builder().url(API + "/media/" + id).build();
  }
}
""",
        [("DELETE /story/{...}", set()), ("PUT /media/{...}", set()), ("GET /media/{...}", set())],
    ),
    "java.net.http": (
        ".java",
        """
class A { void film() {
  String form = "idea=" + encode(idea) + "&seed=3";
  var request = HttpRequest.newBuilder()
    .uri(URI.create("https://api.vimmerse.net/story/idea-2-video"))
    .POST(HttpRequest.BodyPublishers.ofString(form))
    .build();
} }
""",
        [(IDEA, {"seed"})],
    ),
    "Spring": (
        ".java",
        """
WebClient client = WebClient.builder().baseUrl("https://api.vimmerse.net").build();
MultipartBodyBuilder form = new MultipartBodyBuilder();
form.part("motion_type", "Kling2");
client.post().uri("/story/idea-2-video").body(BodyInserters.fromMultipartData(form.build())).retrieve();
client.delete().uri("/story/{id}", id).retrieve();
""",
        [(IDEA, {"motion_type"}), ("DELETE /story/{...}", set())],
    ),
    "Apache HttpClient": (
        ".java",
        """
HttpPost post = new HttpPost("https://api.vimmerse.net/story/idea-2-video");
List<NameValuePair> params = new ArrayList<>();
params.add(new BasicNameValuePair("motion_type", "Kling2"));
post.setEntity(new UrlEncodedFormEntity(params));
HttpDelete gone = new HttpDelete("https://api.vimmerse.net/story/" + id);
""",
        [(IDEA, {"motion_type"}), ("DELETE /story/{...}", set())],
    ),
    "Retrofit": (
        ".kt",
        """
interface Api {
    @POST("story/idea-2-video")
    suspend fun create(@Field("idea") idea: String, @Field("seed") seed: Int): Story

    @GET("story/{id}")
    suspend fun get(@Path("id") id: String): Story
    @POST("/media")
    suspend fun media(@Part("motion_type") tool: RequestBody): Media
}
val retrofit = Retrofit.Builder().baseUrl("https://api.vimmerse.net/").build()
""",
        [(IDEA, {"seed"}), ("GET /story/{...}", set()), ("POST /media", {"motion_type"})],
    ),
    "ktor": (
        ".kt",
        """
const val API = "https://api.vimmerse.net"
suspend fun up() = client.post("$API/media") { setBody(parts { append("motion_type", "Veo") }) }
val client = HttpClient(CIO) { defaultRequest { url("https://api.vimmerse.net/") } }
suspend fun get(id: String): Story = client.get("story/$id").body()
""",
        [("POST /media", {"motion_type"}), ("GET /story/{...}", set())],
    ),
    "HttpClient with a base address": (
        ".cs",
        """
class A {
    HttpClient http = new HttpClient { BaseAddress = new Uri("https://api.vimmerse.net/") };
    async Task All(string id) {
        var fields = new List<KeyValuePair<string, string>>();
        fields.Add(new("motion_type", "Kling2"));
        fields.Add(new KeyValuePair<string, string>("seed", "5"));
        await http.PostAsync("story/idea-2-video", new FormUrlEncodedContent(fields));
        await http.GetFromJsonAsync<Story>($"story/{id}");
    }
}
""",
        [(IDEA, {"motion_type", "seed"}), ("GET /story/{...}", set())],
    ),
    "RestSharp": (
        ".cs",
        """
var client = new RestClient("https://api.vimmerse.net");
var request = new RestRequest("/story/idea-2-video", Method.Post);
request.AddParameter("motion_type", "Kling2");
request.AddParameter("format", "json");
var get = new RestRequest($"story/{id}");
""",
        [(IDEA, {"motion_type"}), ("GET /story/{...}", set())],
    ),
    "Net::HTTP": (
        ".rb",
        """
http = Net::HTTP.new('api.vimmerse.net', 443)
request = Net::HTTP::Post.new('/story/idea-2-video')
request.set_form_data('idea' => 'x', 'seed' => 4)
""",
        [(IDEA, {"seed"})],
    ),
    "Faraday": (
        ".rb",
        """
conn = Faraday.new(url: 'https://api.vimmerse.net')
conn.post('/story/idea-2-video') do |req|
  req.body = { idea: 'x', seed: 4 }
end
conn.delete "story/#{id}"
RestClient.post "https://api.vimmerse.net/media", { title: 'x', motion_type: 'Veo' }
""",
        [(IDEA, {"seed"}), ("DELETE /story/{...}", set()), ("POST /media", {"motion_type"})],
    ),
    "reqwest": (
        ".rs",
        """
const BASE: &str = "https://api.vimmerse.net";
client.post(format!("{}/story/idea-2-video", BASE)).header("X-Api-Key", key)
    .form(&[("idea", "x"), ("seed", "4")]).send().await?;
let form = reqwest::multipart::Form::new().text("motion_type", "Kling2");
client.post(&format!("{BASE}/media")).multipart(form).send().await?;
""",
        [(IDEA, {"seed"}), ("POST /media", {"motion_type"})],
    ),
    "a shell script": (
        ".sh",
        """
API="${VIMMERSE_URL:-https://api.vimmerse.net}"
curl -X POST "$API/story/idea-2-video" --form-string "idea=It's" \\
  -F "seed=42" -o "$OUT/media/$ID.mp4"
mkdir -p $OUT/media && ffmpeg -i $OUT/media/a.mp4 b.mp4
wget --post-data="idea=boat&seed=4" "$API/story/idea-2-video"
http POST $API/story/idea-2-video idea=boat seed=4
""",
        [(IDEA, {"seed"})] * 3,
    ),
    "PowerShell": (
        ".ps1",
        """
$Base = "https://api.vimmerse.net"
$Body = @{
    idea = "boat"
    seed = 4
}
Invoke-RestMethod -Uri "$Base/story/idea-2-video" `
  -Method Post -Body $Body
irm "$Base/story/$($story.data.id)"
Invoke-RestMethod -Method DELETE -Uri ($Base + "/story/" + $id)
curl.exe "$Base/story/idea-2-video" `
  -F "seed=4"
""",
        [(IDEA, {"seed"}), ("GET /story/{...}", set()), ("DELETE /story/{...}", set()), (IDEA, {"seed"})],
    ),
    "a batch file": (
        ".bat",
        "set API=https://api.vimmerse.net\ncurl %API%/story/idea-2-video ^\n  -F seed=4\n",
        [(IDEA, {"seed"})],
    ),
    "Swift": (
        ".swift",
        """
let base = "https://api.vimmerse.net"
var request = URLRequest(url: URL(string: base + "/story/idea-2-video")!)
request.httpBody = "idea=x&seed=4".data(using: .utf8)
AF.upload(data, to: "\\(base)/media")
""",
        [(IDEA, {"seed"}), ("POST /media", set())],
    ),
    "a workflow": (
        ".yml",
        """
      - run: |
          # it's curl
          curl https://api.vimmerse.net/story/idea-2-video \\
            -F idea=x -F seed=4
""",
        [(IDEA, {"seed"})],
    ),
}


#: Dictionaries of a seed of 4, in the way of each language, and the call that sends them.
DICTIONARIES = {
    ".kt": 'val form = mapOf("idea" to idea, "seed" to 4)\npost("URL", data = form)',
    ".java": 'Map<String, String> form = Map.of("idea", idea, "seed", "4");\npost("URL", form, String.class);',
    ".dart": """var form = '{"idea": "a", "seed": 4}'; http.post(Uri.parse('URL'), body: form);""",
    ".scala": 'post("URL", data = Map("idea" -> idea, "seed" -> "4"))',
    ".swift": 'let form: [String: Any] = ["idea": idea, "seed": 4]\nAF.request("URL", method: .post, parameters: form)',
    ".pl": "my %form = (idea => 'x', seed => 4);\n$ua->post('URL', \\%form);",
    ".rb": "form = { idea: idea }\nform[:seed] = 4\npost('URL', body: form)",
    ".php": "<?php $form = array_merge(['seed' => 4], $more); $http->post('URL', ['json' => $form]);",
    ".js": "const form = Object.assign({}, defaults, { seed: 4 }); axios.post('URL', form);",
    ".cs": 'var form = JsonSerializer.Serialize(new { seed = 4 }); http.Post("URL", new StringContent(form));',
    ".go": 'fields := map[string]string{"seed": "4"}\nb := &bytes.Buffer{}\nw := multipart.NewWriter(b)\n'
    'for k, v := range fields {\n\tw.WriteField(k, v)\n}\nhttp.Post("URL", w.FormDataContentType(), b)',
}


@pytest.mark.parametrize("suffix", DICTIONARIES)
def test_a_dictionary(suffix: str, tmp_path: Path) -> None:
    code = DICTIONARIES[suffix].replace("URL", "https://api.vimmerse.net/story/idea-2-video")

    (finding,) = of(tmp_path, f"a{suffix}", code).findings

    assert [field for _, field in notes(finding)] == ["seed"]


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_library(name: str, tmp_path: Path) -> None:
    suffix, code, expected = LIBRARIES[name]

    findings = of(tmp_path, f"a{suffix}", code).findings

    assert [(each.v1, {field for _, field in notes(each) if field}) for each in findings] == expected


@pytest.mark.parametrize(
    "code",
    [
        "const V2 = 'https://api.vimmerse.net/v2'; fetch(`${V2}/media`); fetch(V2 + '/story/1');",
        "fetch(`${API}/${version}/story/${id}`); fetch(`${API}/users/${id}/media`); fetch(API + '/v2' + '/media');",
        "const OTHER = 'https://mastodon.example'; fetch(`${OTHER}/media`); fetch(OTHER + '/media');",
        "fetch(`https://graph.example.com/v19.0/${user}/media`); fetch('/media/1');",
        "app.use(express.static('/media')); res.redirect('/story/' + id); userRouter.get('/story/:id', show);",
        "import x from '/media/x'; <Link href=\"/media\">All</Link>; navigate('/story/1'); router.push(`/story/1`);",
        "fs.writeFileSync(outputDir + '/media/' + id, x); open(`${tmpDir}/media/1`); show(API + '/media/logo.png');",
        "axios.create({ baseURL: 'https://api.vimmerse.net' }); db.get('story'); x.delete('media/1');",
        "fetch(`${API}/images`); fetch(`${API}/mediathek/${id}`); posted('x' + '/stories');",
    ],
)
def test_other_paths_in_a_file_that_has_the_base_url(tmp_path: Path, code: str) -> None:
    assert calls(of(tmp_path, "a.tsx", f"const API = 'https://api.vimmerse.net';\n{code}")) == []


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("a.ts", "const BASE = process.env.VIMMERSE_URL!;\nfetch(`${BASE}/media/${id}`)", ["GET /media/{...}"]),
        ("a.ts", "import { API } from './vimmerse';\nexport const u = `${API}/story/idea-2-video`", [IDEA]),
        ("a.ts", "// vimmerse\nconst u = `${VIMMERSE}/story/${id}`", ["GET|PUT|DELETE /story/{...}"]),
        ("a.ts", "// vimmerse\nconst u = `${site}/story/${id}`", []),
        (
            "a.ts",
            "// vimmerse\nconst site = 'https://example.com';\nfetch(`${site}/story/${id}`); fetch('/story/1')",
            [],
        ),
        ("a.ts", "const base = config.vimmerse;\nfetch(`${base}/story/1`)", ["GET /story/1"]),
        ("a.php", "<?php Http::delete(env('VIMMERSE_URL') . '/story/' . $id);", ["DELETE /story/{...}"]),
        ("a.sh", 'curl -X POST "$VIMMERSE_URL/story/idea-2-video" -F seed=4', [IDEA]),
        ("a.go", 'base := os.Getenv("VIMMERSE_URL")\nhttp.Get(base + "/media/" + id)', ["GET /media/{...}"]),
        ("a.ts", "const API = 'https://api.vimmerse.net', b = config.url;\nfetch(`${b}/story/1`)", ["GET /story/1"]),
    ],
)
def test_a_base_that_the_file_does_not_tell(tmp_path: Path, name: str, code: str, expected: list[str]) -> None:
    assert calls(of(tmp_path, name, code)) == expected


def test_a_base_that_may_be_that_of_v2(tmp_path: Path) -> None:
    report = of(tmp_path, "a.ts", "// vimmerse\nfetch(`${BASE}/media/${id}`); fetch(`${BASE}/v2/media`)")

    assert calls(report) == []
    assert [(each.kind, each.line) for each in report.remarks] == [("unsure", 2)]


def test_a_block_that_is_not_closed(tmp_path: Path) -> None:
    (finding,) = of(tmp_path, "a.rb", "get('https://api.vimmerse.net/story/1') do |answer|\n").findings

    assert (finding.v1, finding.fields) == ("GET /story/1", "none")
    (finding,) = of(tmp_path, "b.rb", "post('https://api.vimmerse.net/media') do |x| { motion_type: 'Veo' }").findings
    assert notes(finding) == []


def test_an_address_in_two_strings_is_one_call(tmp_path: Path) -> None:
    assert calls(of(tmp_path, "a.js", "fetch('https://api.vimmerse.net' + '/media/' + id)")) == ["GET /media/{...}"]


def test_recordings_and_descriptions_are_no_programs(tmp_path: Path) -> None:
    for name, first in (("a.yaml", "interactions:"), ("b.yml", "openapi: 3.1.0"), ("c.yaml", "http_interactions:")):
        (tmp_path / name).write_text(f"{first}\n- uri: https://api.vimmerse.net/story/1\n")

    assert calls(check([tmp_path])) == []
    assert calls(check([tmp_path / "a.yaml"])) == ["GET|PUT|DELETE /story/1"]
