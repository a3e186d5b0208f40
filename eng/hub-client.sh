#!/usr/bin/env bash
# The Hugging Face Hub's own client for JavaScript, from npm, kept under artifacts/: the tests let it read what Larder writes.
# Prints the file that a script imports.
set -euo pipefail

version=2.17.5
integrity='sha512-FbS39It+C+K5F10jyaNAI2wmMaLpOu+KN0Om8ycXc0um/RIisxOyE/5eTqPELy9bAI8JZdGQ29nZYzcZeXzvFg=='
# What it needs to start, in versions that it was tried with.
needs=(@huggingface/tasks@0.21.54 @huggingface/xetchunk-wasm@0.2.0)
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$root/artifacts/hub-client/$version
module=$folder/node_modules/@huggingface/hub/dist/index.mjs

fail() {
  echo "hub-client.sh: $1" >&2
  exit 1
}

install() {
  command -v npm >/dev/null || fail "npm is missing; 'eng/prerequisites.sh' installs it"
  mkdir -p "$root/artifacts/hub-client"
  # Beside the target, so that the rename makes it visible only when it is whole.
  work=$(mktemp -d "$root/artifacts/hub-client/.fetch.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  echo "fetching @huggingface/hub $version (7 MB, once)" >&2
  echo '{"private": true}' >"$work/package.json"
  npm install "@huggingface/hub@$version" "${needs[@]}" --prefix "$work" --cache "$work/cache" --ignore-scripts \
    --omit=optional --no-audit --no-fund --silent >&2 ||
    fail "npm could not fetch @huggingface/hub@$version; see that npm reaches its registry (npm ping)"
  got=$(node -p "require('$work/package-lock.json').packages['node_modules/@huggingface/hub'].integrity")
  [[ $got == "$integrity" ]] ||
    fail "@huggingface/hub@$version has the integrity $got, expected $integrity; ask who runs the npm registry in use"
  rm -rf "$work/cache"
  # Another run may have been quicker.
  mv -T "$work" "$folder" 2>/dev/null || [[ -f $module ]]
}

[[ -f $module ]] || install
echo "$module"
