#!/usr/bin/env bash
# Builds everything.

source tools/env.sh

# Compiles one folder.
compile() {
  cmake -S "$1" -B build
}

compile src
