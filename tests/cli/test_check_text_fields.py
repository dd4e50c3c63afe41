"""The fields of calls in other languages, which are followed through forms, dictionaries and builders."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.scans import notes, of

URL = "https://api.vimmerse.net/story/idea-2-video"

#: A program in each style: it sends a seed of 7 and a motion type, and nothing else of note.
PROGRAMS = {
    "FormData and fetch": (
        ".ts",
        """
export async function film(idea: string, file: Blob) {
  const form: FormData = new FormData();
  form.append('idea', idea);
  if (file) form.append("motion_type", 'Kling2');
  form.append('seed', '7');
  const made = await fetch(`${API}/story/idea-2-video`, { method: 'POST', headers: { 'X-Api-Key': key }, body: form });
  return other({ title: made.title, narrator: 'Bill' });
}
""",
    ),
    "URLSearchParams": (
        ".js",
        """
const params = new URLSearchParams()
params.set('idea', idea)
params.append('motion_type', 'Kling2')
params.append('seed', '7')
const url = API + '/story/idea-2-video'
const response = await got.post(url, { body: params.toString() }).json()
console.log({ title: response.title })
""",
    ),
    "axios": (
        ".js",
        """
async function film() {
  const defaults = { motion_type: 'Kling2' };
  const payload = { ...defaults, idea: options.idea };
  payload.seed = '7';
  return axios.post(`${API}/story/idea-2-video`, qs.stringify(payload), { headers: form.getHeaders() });
}
""",
    ),
    "options": (
        ".js",
        """
const body = JSON.stringify({ idea, motion_type: 'Kling2', seed: '7' });
const options = { method: 'POST', body };
request(API + '/story/idea-2-video', options, (error, answer) => save({ title: answer.title }));
""",
    ),
    "curl_setopt": (
        ".php",
        """<?php
$url = "$API/story/idea-2-video";
$fields = array('idea' => $idea, 'seed' => '7');
$fields['motion_type'] = 'Kling2';
$ch = curl_init();
curl_setopt($ch, CURLOPT_URL, $url);
curl_setopt($ch, CURLOPT_POSTFIELDS, http_build_query($fields));
$answer = curl_exec($ch);
save(['title' => $answer['title']]);
""",
    ),
    "curl_setopt_array": (
        ".php",
        """<?php
curl_setopt_array($curl, array(
  CURLOPT_URL => $API . '/story/idea-2-video',
  CURLOPT_CUSTOMREQUEST => 'POST',
  CURLOPT_POSTFIELDS => array('idea' => $idea, 'motion_type' => 'Kling2', 'seed' => '7'),
));
""",
    ),
    "Guzzle": (
        ".php",
        """<?php
$payload = ['idea' => $idea, 'motion_type' => 'Kling2', 'seed' => '7'];
$client->post($API . '/story/idea-2-video', ['form_params' => $payload]);
""",
    ),
    "Guzzle, multipart": (
        ".php",
        """<?php
$client->request('POST', "{$API}/story/idea-2-video", ['multipart' => [
  ['name' => 'motion_type', 'contents' => $tool],
  ['name' => 'seed', 'contents' => $seed],
]]);
""",
    ),
    "url.Values": (
        ".go",
        """
func film(idea string) error {
	form := url.Values{}
	form.Set("idea", idea)
	form.Set("motion_type", "Kling2")
	form.Add("seed", "7")
	resp, err := http.PostForm(API+"/story/idea-2-video", form)
	return err
}
""",
    ),
    "multipart.Writer": (
        ".go",
        """
func film(idea string) error {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	w.WriteField("idea", idea)
	_ = w.WriteField("motion_type", "Kling2")
	_ = w.WriteField("seed", "7")
	w.Close()
	req, err := http.NewRequest("POST", API+"/story/idea-2-video", &buf)
	req.Header.Set("X-Api-Key", key)
	resp, err := http.DefaultClient.Do(req)
	return err
}
""",
    ),
    "JSON in Go": (
        ".go",
        """
func film(idea string) {
	data := map[string]interface{}{"idea": idea, "motion_type": "Kling2", "seed": "7"}
	encoded, _ := json.Marshal(data)
	resp, err := http.Post(fmt.Sprintf("%s/story/idea-2-video", API), "application/json", bytes.NewReader(encoded))
}
""",
    ),
    "java.net.http": (
        ".java",
        """
class Film { void film(String idea) {
    Map<String, String> fields = new HashMap<>();
    fields.put("motion_type", "Kling2");
    fields.put("seed", "7");
    var request = HttpRequest.newBuilder(URI.create(API + "/story/idea-2-video"))
        .POST(BodyPublishers.ofString(encode(fields))).build();
} }
""",
    ),
    "OkHttp": (
        ".java",
        """
class Film { void film(String idea) {
    RequestBody body = new MultipartBody.Builder().setType(MultipartBody.FORM)
        .addFormDataPart("idea", idea)
        .addFormDataPart("motion_type", "Kling2")
        .addFormDataPart("seed", "7")
        .build();
    Request request = new Request.Builder()
        .url(API + "/story/idea-2-video")
        .addHeader("X-Api-Key", key)
        .post(body)
        .build();
    client.newCall(request).execute();
} }
""",
    ),
    "OkHttp, a builder in a variable": (
        ".kt",
        """
fun film(idea: String) {
    val form = FormBody.Builder()
    form.add("idea", idea)
    form.add("motion_type", "Kling2")
    form.add("seed", "7")
    val request = Request.Builder().url("$API/story/idea-2-video").post(form.build()).build()
    client.newCall(request).execute()
}
""",
    ),
    "FormUrlEncodedContent": (
        ".cs",
        """
var values = new Dictionary<string, string> { { "idea", idea }, ["motion_type"] = "Kling2" };
values["seed"] = "7";
var content = new FormUrlEncodedContent(values);
var response = await client.PostAsync($"{API}/story/idea-2-video", content);
""",
    ),
    "HttpRequestMessage with an initializer": (
        ".cs",
        """
var form = new MultipartFormDataContent {
    { new StringContent("Kling2"), "motion_type" }, { new StringContent(seed), "seed" } };
using var request = new HttpRequestMessage(HttpMethod.Post, $"{API}/story/idea-2-video")
{
    Content = form
};
""",
    ),
    "MultipartFormDataContent": (
        ".cs",
        """
async Task Film(string idea) {
    var request = new HttpRequestMessage(HttpMethod.Post, API + "/story/idea-2-video");
    var form = new MultipartFormDataContent();
    form.Add(new StringContent(idea), "idea");
    form.Add(new StringContent("Kling2"), "motion_type");
    form.Add(new StringContent("7"), "seed");
    request.Content = form;
    await client.SendAsync(request);
}
""",
    ),
    "post_form": (
        ".rb",
        """
uri = URI("#{API}/story/idea-2-video")
answer = Net::HTTP.post_form(uri, 'idea' => idea, 'motion_type' => 'Kling2', 'seed' => '7')
save(title: answer['title'])
""",
    ),
    "set_form": (
        ".rb",
        """
def film(idea)
  uri = URI.parse("#{API}/story/idea-2-video")
  request = Net::HTTP::Post.new(uri)
  request['X-Api-Key'] = key
  request.set_form([['idea', idea], ['motion_type', 'Kling2'], ['seed', '7']], 'multipart/form-data')
  Net::HTTP.start(uri.host, uri.port, use_ssl: true) { |http| http.request(request) }
end
""",
    ),
}
BASES = {
    ".php": "<?php $API = 'https://api.vimmerse.net';",
    ".go": 'const API = "https://api.vimmerse.net"',
    ".kt": 'val API = "https://api.vimmerse.net"',
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_fields_are_followed(name: str, tmp_path: Path) -> None:
    suffix, code = PROGRAMS[name]
    base = BASES.get(suffix, 'API = "https://api.vimmerse.net";')

    (finding,) = of(tmp_path, f"a{suffix}", f"{base}\n{code}").findings

    assert (finding.v1, finding.fields) == ("POST /story/idea-2-video", "some")
    assert sorted(field for _, field in notes(finding)) == ["motion_type", "seed"]


def js(tmp_path: Path, code: str) -> list[str]:
    """The fields in the notes of the first call."""
    return sorted({field for _, field in notes(of(tmp_path, "a.js", code).findings[0])})


SENT = f"fetch('{URL}', {{ method: 'POST', body: form }});"
FORM = "const form = new FormData(); form.append('idea', idea);"


@pytest.mark.parametrize(
    "code",
    [
        f"{FORM} {SENT} form.append('seed', '7');",
        f") }} {FORM} }} {SENT}",
        f"{FORM} form.append('seed', '7'); form = other(); {SENT}",
        f"function a() {{ {FORM} form.append('seed', '7'); }} function b(form) {{ {SENT} }}",
        f"{FORM} function a() {{ {FORM} form.append('seed', '7'); }} {SENT}",
        f"{FORM} other.append('seed', '7'); this.form.append('seed', '7'); {SENT}",
        f"{FORM} // form.append('seed', '7');\n{SENT}",
        f"{FORM} /* form.append('seed', '7'); */ {SENT}",
        f"const form = await read({{ seed: 7 }}); {SENT}",
        f"const all = {{ seed: 7 }}; fetch('{URL}', {{ method: 'POST', body: JSON.stringify({{ idea: all.idea }}) }});",
        f"const all = {{ seed: 7 }}; const form = {{ idea: all.idea }}; {SENT}",
        f"const all = {{ seed: 7 }}; const form = {{ idea: all }}; {SENT}",
        f"const url = '{URL}'; if (url) {{ other({{ seed: 7 }}); }} fetch(url, {{ body: 'idea=x' }});",
        f"const made = await fetch('{URL}', {{ method: 'POST' }}); other(made, {{ seed: 7 }});",
        f"let url = '{URL}'; fetch(url); url = 'https://example.com'; fetch(url, {{ seed: 7 }});",
        f"const a = '{URL}'; const ab = 1; other(ab, {{ seed: 7 }}); x.a({{ seed: 7 }});",
        f"const form = new FormData(); {' ' * 7000} form.append('seed', '7'); {SENT}",
        f"const url = '{URL}'; {' ' * 4000} fetch(url, {{ seed: 7 }});",
        f"const form = new FormData({' ' * 4000} {{ seed: 7 }}); {SENT}",
    ],
)
def test_fields_of_something_else_are_not_taken(tmp_path: Path, code: str) -> None:
    assert js(tmp_path, code) == []


def test_a_field_of_a_form_that_neither_version_has(tmp_path: Path) -> None:
    assert js(tmp_path, f"{FORM} form.append('colour', 'red'); {SENT}") == ["colour"]
    headers = "const form = { 'X-A': 'b' }; form['colour'] = 'red'; form.size = 4;"
    assert js(tmp_path, f"{headers} {SENT}") == []


def test_a_field_that_is_set_more_than_once_has_no_known_value(tmp_path: Path) -> None:
    twice = f"{FORM} form.append('duration', '5'); if (x) form.append('duration', '7'); {SENT}"

    assert ("depends", "duration") in notes(of(tmp_path, "a.js", twice).findings[0])


def test_a_method_of_another_function_without_braces(tmp_path: Path) -> None:
    code = f"""
def a
  form = {{ 'seed' => '7' }}
end
def b(form)
  Net::HTTP.post_form(URI('{URL}'), form)
end
"""
    (finding,) = of(tmp_path, "a.rb", code).findings

    assert notes(finding) == []


def test_what_follows_a_condition_on_an_address(tmp_path: Path) -> None:
    code = f'url := "{URL}"\nif url != "" {{\n  other(Film{{seed: 7}})\n}}\n'

    assert notes(of(tmp_path, "a.go", code).findings[0]) == []


def test_variables_that_pass_on_each_other(tmp_path: Path) -> None:
    many = "".join(f"const a{i} = {{ ...a{i - 1}, ...a{i - 1} }};\n" for i in range(1, 30))

    assert js(tmp_path, f"const a0 = {{ seed: 7 }};\n{many} const form = {{ ...a29 }}; {SENT}") == []
    assert js(tmp_path, f"const a0 = {{ seed: 7 }};\n{many} const form = {{ ...a5 }}; {SENT}") == ["seed"]


def test_an_address_that_is_used_very_often(tmp_path: Path) -> None:
    uses = "".join(f"const u{i} = url + '/x'; f(url, u{i});" for i in range(60))

    assert js(tmp_path, f"const url = '{URL}'; {uses}") == []
