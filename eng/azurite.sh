#!/usr/bin/env bash
# A real Blob service on 127.0.0.1: Azurite, from npm, kept under artifacts/.
#   azurite.sh --install               fetches it, once
#   azurite.sh DIR ACCOUNT KEY         starts it with one account, whose key is base64
#   azurite.sh DIR ACCOUNT KEY --tls   over https, with a certificate of its own, and with tokens of Entra, of which it
#                                      believes the signature
# Prints "ready URL" when it answers; stops, and removes DIR, when its standard input ends: so it never outlives who started it,
# however that one ends.
set -euo pipefail

version=3.35.0
integrity='sha512-GzKmi+/5U0baNRjEEVtBMLpLuIKEJ0uSh0VWBzOI4qe4f5ziJyoZQmcTO7QhxZTF6+rphj7TZS3PtJY7uiiacA=='
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$root/artifacts/azurite/$version
program=$folder/node_modules/.bin/azurite-blob

fail() {
  echo "azurite.sh: $1" >&2
  exit 1
}

install() {
  command -v npm >/dev/null || fail "npm is missing; 'eng/prerequisites.sh --test' installs it"
  mkdir -p "$root/artifacts/azurite"
  # Beside the target, so that the rename makes it visible only when it is whole.
  work=$(mktemp -d "$root/artifacts/azurite/.fetch.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  echo "fetching Azurite $version (190 MB, once)" >&2
  echo '{"private": true}' >"$work/package.json"
  npm install "azurite@$version" --prefix "$work" --cache "$work/cache" --ignore-scripts --no-audit --no-fund --silent ||
    fail "npm could not fetch azurite@$version; see that npm reaches its registry (npm ping)"
  got=$(node -p "require('$work/package-lock.json').packages['node_modules/azurite'].integrity")
  [[ $got == "$integrity" ]] ||
    fail "azurite@$version has the integrity $got, expected $integrity; ask who runs the npm registry in use"
  rm -rf "$work/cache"
  # Another run may have been quicker.
  mv -T "$work" "$folder" 2>/dev/null || [[ -x $program ]]
}

[[ -x $program ]] || install
[[ ${1:-} != --install ]] || exit 0

dir=$(realpath -m "${1:?a directory}") account=${2:?an account} key=${3:?its key} options=()
[[ ! -e $dir ]] || fail "$dir exists already; name a directory that can be made and removed"
command -v setpriv >/dev/null || fail "setpriv is missing; install util-linux"

pid=
stop() {
  # Nothing of it is wanted any more, so it is not asked to end in good order.
  [[ -z $pid ]] || kill -KILL "$pid" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

mkdir -p "$dir/data"
if [[ ${4:-} == --tls ]]; then
  command -v openssl >/dev/null || fail "openssl is missing; 'eng/prerequisites.sh --test' installs it"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
    -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' -keyout "$dir/key.pem" -out "$dir/certificate.pem" 2>"$dir/log"
  options=(--cert "$dir/certificate.pem" --key "$dir/key.pem" --oauth basic)
fi

# It takes a free port and says which. Without --disableTelemetry it would look for a host of its makers.
AZURITE_ACCOUNTS="$account:$key" setpriv --pdeathsig KILL node "$program" --silent --disableTelemetry --skipApiVersionCheck \
  --blobHost 127.0.0.1 --blobPort 0 --location "$dir/data" "${options[@]}" </dev/null >>"$dir/log" 2>&1 &
pid=$!
while kill -0 "$pid" 2>/dev/null; do
  if url=$(grep -o 'listens on http[^ ]*' "$dir/log"); then
    echo "ready ${url#listens on }"
    cat >/dev/null
    exit 0
  fi
  sleep 0.05
done
cat "$dir/log" >&2
fail "Azurite did not start"
