#!/usr/bin/env bash
# Fetches the native library of ONNX Runtime once, checks it and puts it where the builds look for it.
# It comes from a package of the ordinary npm client, so npm's own settings (registry, proxy, certificates) apply.
set -euo pipefail

version=1.30.0
package="onnxruntime-node@$version"
package_integrity='sha512-twhs1C2C/BFkz1yc5OY0KIU2GUq6DURO7hD4bx5Q2Qy3nAMJwRXW8xU3NVczE29VA9lolLOYepoD8fjTGOfIqw=='
member=package/bin/napi-v6/linux/x64/libonnxruntime.so.1
library_sha256=ffb75a925ba05e47b235bb66e3e3911714a80b328a9c9425539feb204aa32a23

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder="$root/artifacts/onnxruntime/$version/linux-x64"
library="$folder/libonnxruntime.so.1"

# The rename below makes the file visible only when it is whole and checked, so its presence is enough.
[[ -f $library ]] && exit 0

fail() {
  echo "onnxruntime.sh: $1" >&2
  exit 1
}
by_hand="or put libonnxruntime.so.1 of ONNX Runtime $version for Linux x64 at $library yourself"

[[ $(uname -sm) == 'Linux x86_64' ]] || fail "there is no library for $(uname -sm) in $package; $by_hand"
command -v npm >/dev/null || fail "npm is missing; install it (Debian: apt-get install npm), $by_hand"

# Beside the target, so that the last step is a rename within one file system. The cache is npm's 113 MB copy.
mkdir -p "$folder"
work=$(mktemp -d "$folder/.fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

echo "fetching ONNX Runtime $version (113 MB, once)" >&2
tarball=$(cd "$work" && npm pack "$package" --silent --cache "$work/cache") ||
  fail "npm could not fetch $package; see that npm reaches its registry (npm ping), $by_hand"

integrity="sha512-$(node -e '
  const hash = require("crypto").createHash("sha512").update(require("fs").readFileSync(process.argv[1]));
  console.log(hash.digest("base64"));' "$work/$tarball")"
[[ $integrity == "$package_integrity" ]] ||
  fail "$package has the integrity $integrity, expected $package_integrity; ask who runs the npm registry in use"

tar -xzf "$work/$tarball" -C "$work" "$member" || fail "$package holds no $member; $by_hand"
sha256=$(sha256sum "$work/$member" | cut -d ' ' -f 1)
[[ $sha256 == "$library_sha256" ]] || fail "$member has the SHA-256 $sha256, expected $library_sha256"

# Packed files carry a date of 1985, which a build would take for older than any copy of an earlier version.
touch "$work/$member"
chmod 0644 "$work/$member"
mv -f "$work/$member" "$library"
