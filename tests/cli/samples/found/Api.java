class Api {
    static final String BASE = "https://api.vimmerse.net";

    HttpRequest delete(String id) {
        return HttpRequest.newBuilder(URI.create(BASE + "/story/" + id)).DELETE().build();
    }
}
