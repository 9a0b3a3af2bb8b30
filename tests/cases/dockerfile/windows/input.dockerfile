# escape=`

FROM mcr.microsoft.com/windows/servercore:ltsc2022 AS base
ENV ROOT=C:\demo
RUN dir `
    C:\
ARG VERSION
COPY a b C:\dir\
FROM base AS last
ONBUILD ENV LATER=1
