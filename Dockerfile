# Beside in a container: an account without rights, one volume at /data, nothing that was not hashed.
# The playground answers only on loopback, which a container keeps to itself: for that there is `make run`.

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements/ requirements/
RUN python -m venv /build && /build/bin/pip install --require-hashes -r requirements/build.txt
RUN python -m venv /app && /app/bin/pip install --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot/ bot/
COPY adapters/ adapters/
COPY prompts/ prompts/
COPY migrations/ migrations/
RUN /build/bin/python -m hatchling build -t wheel -d /dist
RUN /app/bin/pip install --no-index --no-deps /dist/*.whl && /app/bin/pip uninstall --yes pip

FROM python:3.13-slim
RUN groupadd --gid 10001 beside && useradd --uid 10001 --gid beside --no-create-home --shell /usr/sbin/nologin beside \
    && install -d -o beside -g beside /data
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    BESIDE_DATABASE_URL=sqlite:////data/beside.sqlite3 BESIDE_HOST=0.0.0.0 BESIDE_PORT=8080 BESIDE_PLAYGROUND=0
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['BESIDE_PORT']}/healthz\", timeout=2)"]
CMD ["beside", "serve"]
