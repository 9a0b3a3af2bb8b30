# SPDX-License-Identifier: MIT
# Copyright 2024 Somebody

# Where everything is installed.
PREFIX=${PREFIX:-/usr/local}
readonly VERSION="1.2"  # as in setup.py
export PATH="$PREFIX/bin:$PATH" EDITOR
declare -rx BUILD_ID=$(date +%s; echo "x=1")
declare -A colours=(
  [red]=31
  [blue]=34
)
LANG=C LC_ALL=C sort -u < "$1"
count=0; verbose=yes
: $((count = count + 1 << 2))
text='first
not_a_variable=1
'
PREFIX=/opt
main() {
  inside=1
  local name=2
  . ./inner.sh
}
alias ll='ls -l' # a long list
source "$PREFIX/lib.sh"
. /etc/os-release
