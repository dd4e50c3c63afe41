# The gateway as an image: docker build -t vimmerse-gateway . (docs/gateway.md; building it is not tested)
# With other extras, the library for other commands: docker build --build-arg EXTRAS=cli,dbos -t vimmerse-batch .
ARG EXTRAS=gateway
FROM python:3.13-slim AS build
ARG EXTRAS
WORKDIR /src
COPY pyproject.toml README.md CHANGELOG.md LICENSE ./
COPY generated generated
COPY compat compat
COPY docs/migration.md docs/migration.md
COPY examples/v1_story.py examples/v1_story.py
RUN pip wheel --no-cache-dir --wheel-dir /wheels ".[$EXTRAS]"

FROM python:3.13-slim
ARG EXTRAS
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels "vimmerse[$EXTRAS]" \
    && useradd --system --uid 10001 vimmerse
USER vimmerse
EXPOSE 8080
# Large uploads are stored here: mount a volume with enough space.
ENV TMPDIR=/tmp
HEALTHCHECK --interval=10s --timeout=3s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/healthz', timeout=2)"]
ENTRYPOINT ["python", "-m", "vimmerse.compat.gateway"]
CMD ["--host", "0.0.0.0", "--port", "8080"]
