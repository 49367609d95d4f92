# One shop, one process: the records, the screens and the back office of a boutique.
FROM python:3.12-slim AS packages
COPY requirements.txt .
RUN pip install --no-cache-dir --no-compile --require-hashes --prefix=/packages -r requirements.txt

FROM python:3.12-slim
COPY --from=packages /packages /usr/local
RUN useradd --uid 10001 --no-create-home vitrine && install -d -o vitrine /shop/var
WORKDIR /shop
COPY . .
USER vitrine
ENV PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8501 VITRINE_VAR_DIR=/shop/var
VOLUME /shop/var
EXPOSE 8501
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-c", \
    "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
CMD ["python", "-m", "pos", "serve", "--migrate"]
