# syntax=docker/dockerfile:1
# Serves the demo.

ARG PYTHON=3.12
# Everything that compiles.
FROM --platform=$BUILDPLATFORM python:${PYTHON} AS builder
ARG TARGETOS TARGETARCH=amd64
ENV PATH=/opt/bin:$PATH \
    # a comment in between
    NAME="two words"
ENV LEGACY the whole line
RUN echo "FROM not_me AS nope" && \
    make
RUN <<EOF
FROM in_heredoc AS nope
ENV nope=1
EOF

from builder as tests
RUN pytest

FROM debian:12-slim
COPY --from=builder /src /app
COPY --from=busybox:1.36 /bin/busybox /bin/
LABEL org.opencontainers.image.title="demo" version=1
EXPOSE 8080/tcp 9090
ENTRYPOINT ["/app/run"]
