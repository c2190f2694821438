# The program in a container; docker-compose.yml puts PostGIS beside it. The database server is not
# in it, so WANGGE_DATABASE_URL or WANGGE_DATABASE_URL_FILE must be set.
FROM python:3.11.11-slim-bookworm

# A registry of one's own, as pip takes it; empty: pip's default.
ARG PIP_INDEX_URL=""

WORKDIR /opt/wangge
COPY requirements.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --root-user-action=ignore \
        --require-hashes -r requirements.lock

# Numbers instead of names: they hold on every host and in every volume.
RUN groupadd --system --gid 10001 wangge \
    && useradd --system --uid 10001 --gid wangge --no-create-home --home-dir /var/lib/wangge wangge \
    && install -d -o wangge -g wangge -m 0750 /var/lib/wangge

COPY api ./api
COPY geo ./geo
COPY maps ./maps
COPY migrations ./migrations
RUN python -m compileall -q api geo maps migrations

ENV PYTHONPATH=/opt/wangge \
    PYTHONUNBUFFERED=1 \
    WANGGE_HOME=/var/lib/wangge
USER 10001:10001
VOLUME /var/lib/wangge
EXPOSE 8000
ENTRYPOINT ["python", "-P", "-m", "api.cli"]
CMD ["serve"]
