#!/usr/bin/env bash
# Builds and deploys the site.
#
# Usage: deploy.sh [target]

# Print a message and stop.
die() {
  echo "die() { $* }" >&2
  exit 1
}

function build { make all; }

function build::docs () (
  docs_dir=here
  cd docs && make
)

with-dash.and+plus()
{
  helper() { echo "${1#*\}}"; }
  helper "$(printf '%s' ")" '}')"
}

case "$1" in
  build) build ;;
  (docs) build::docs ;;
  *) usage() { echo "usage"; }; usage ;;
esac

if command -v git >/dev/null; then version() { git describe; }; fi
not_closed() {
  echo
