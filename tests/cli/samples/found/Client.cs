class Client
{
    const string Api = "https://api.vimmerse.net";

    Task<HttpResponseMessage> Film(string idea) =>
        http.PostAsync($"{Api}/story/idea-2-video", new FormUrlEncodedContent(fields));
}
