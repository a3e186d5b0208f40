#!/usr/bin/env bash
# Builds the library that the fault tests preload, artifacts/faults/libfaulty.so, when its source is newer.
set -euo pipefail
cd "$(dirname "$0")/.."

source=test/faults/faulty.c
library=artifacts/faults/libfaulty.so
[ "$library" -nt "$source" ] && exit 0

mkdir -p "$(dirname "$library")"
# Beside the target and renamed, so that a test that runs meanwhile loads the one or the other.
gcc -std=gnu11 -O2 -Wall -Wextra -Werror -shared -fPIC -o "$library.new" "$source" -ldl
mv -f "$library.new" "$library"
