# Build with Rust, run on a bare Debian as nobody. The symbols, and the list of what it is made of, are a stage of their own: docker build --target symbols --output . .
FROM rust:1-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN scripts/dist

FROM scratch AS symbols
COPY --from=build /src/target/shipped/haechi.debug /src/target/shipped/haechi.cdx.json /

FROM debian:bookworm-slim
COPY --from=build /src/target/shipped/haechi /usr/local/bin/haechi
# The database file and the key-encryption key live here: mount a volume, or use PostgreSQL and HAECHI_KEYS__KEY_ENCRYPTION_KEY.
RUN install -d -o 65532 -g 65532 /var/lib/haechi
USER 65532:65532
WORKDIR /var/lib/haechi
ENV HAECHI_SERVER__LISTEN=0.0.0.0:8080 HAECHI_LOG__FORMAT=json
EXPOSE 8080
ENTRYPOINT ["haechi"]
CMD ["serve"]
