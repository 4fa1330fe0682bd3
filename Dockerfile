# The operator's image. Base images are arguments, so that any registry can serve them:
#
#   docker build --build-arg BUILD_IMAGE=registry.example/node:24-bookworm-slim \
#                --build-arg RUNTIME_IMAGE=registry.example/distroless/cc-debian12 .
#
# The runtime image needs glibc, libstdc++ and nothing else (a distroless one is the smallest): node and the bundle are copied into it. CAs come with
# node. To size the heap, set NODE_OPTIONS (--max-old-space-size=...) where the container is run.
ARG BUILD_IMAGE=node:24-bookworm-slim
ARG RUNTIME_IMAGE=node:24-bookworm-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
# By themselves: they change less often than the sources, and so stay in the builder's cache.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts/build.ts scripts/bundle.ts scripts/sbom.ts ./scripts/
COPY src ./src
# Nothing reads the source maps in the image.
RUN node scripts/build.ts \
    && node scripts/sbom.ts \
    && rm dist/*.map \
    && mkdir /out \
    && cp "$(node -p process.execPath)" /out/node

FROM ${RUNTIME_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="byob-operator" \
      org.opencontainers.image.description="Kubernetes operator for Weights & Biases bring-your-own-bucket storage" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /out/node /usr/local/bin/node
COPY --from=build /src/dist /app
# glibc keeps what was freed for a next time, in an arena for each thread, and V8 lets its young generation grow with
# the machine: a process that works in bursts and rests in between would hold the memory of its largest burst. Whoever
# sets NODE_OPTIONS for the container sizes the heap as a whole.
# Names are looked up on threads: half of these, so that names whose DNS hangs hold up no others
# (docs/explanation/network.md).
# The user has no entry in a passwd file, and SDKs ask for its home before they are told not to look there.
ENV NODE_ENV=production \
    HOME=/ \
    NODE_OPTIONS=--max-semi-space-size=8 \
    UV_THREADPOOL_SIZE=64 \
    MALLOC_ARENA_MAX=2 \
    MALLOC_TRIM_THRESHOLD_=32768 \
    MALLOC_TOP_PAD_=16384 \
    MALLOC_MMAP_THRESHOLD_=32768
# A number, so that Kubernetes can see that it is not root (runAsNonRoot). Nothing is written: the root file system
# can be read-only.
USER 65532:65532
EXPOSE 8080 8081
# Collecting the young generation on several threads waits for the slowest of them: beside other work on the same cores, or
# with a limit of the processor time, that takes longer than on one. NODE_OPTIONS cannot hold this flag.
# The two dashes keep node from taking --env-file of a command for its own flag.
ENTRYPOINT ["node", "--no-parallel-scavenge", "--", "/app/byob.mjs"]
CMD ["operator"]
