#!/usr/bin/env bash
# Builds the libraries that the fault tests preload into artifacts/faults, those whose source is newer.
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p artifacts/faults
for name in faulty power; do
  library=artifacts/faults/lib$name.so
  [ "$library" -nt "test/faults/$name.c" ] && [ "$library" -nt test/faults/preload.h ] && continue
  # Beside the target and renamed, so that a test that runs meanwhile loads the one or the other.
  gcc -std=gnu11 -O2 -Wall -Wextra -Werror -shared -fPIC -o "$library.new" "test/faults/$name.c" -ldl -lpthread
  mv -f "$library.new" "$library"
done
