#!/usr/bin/env bash
# Installs what builds and tests need and the machine lacks: the .NET SDK must be there, the rest comes from Debian.
#   --bench  also what the benchmarks need
#   --test   also what the tests need       --full  and what their long campaigns need
#   --peers  also the servers of the tests and the commands that larder is compared with
set -euo pipefail

if ! command -v dotnet >/dev/null; then
  echo "The .NET SDK is missing: install the version that global.json names, and put dotnet on the path." >&2
  exit 1
fi

missing=()
command -v npm >/dev/null || missing+=(npm) # brings ONNX Runtime's native library
command -v tar >/dev/null || missing+=(tar)
command -v curl >/dev/null || missing+=(curl)
if [ "${1:-}" = --bench ]; then
  command -v python3 >/dev/null || missing+=(python3) # a worker
  command -v strace >/dev/null || missing+=(strace) # shows what a hit does not open
  [ -x /usr/bin/time ] || missing+=(time)           # the most memory that a process had
  command -v wrk >/dev/null || missing+=(wrk)       # sends the load
fi
has_servers=
[[ "${1:-}" != --test && "${1:-}" != --full && "${1:-}" != --peers ]] || has_servers=1
if [ "${1:-}" = --peers ]; then
  [ -x /usr/bin/time ] || missing+=(time) # the most memory that a process had
  command -v rclone >/dev/null || missing+=(rclone)
  command -v aria2c >/dev/null || missing+=(aria2)
  command -v aws >/dev/null || missing+=(awscli)
fi
if [ -n "$has_servers" ]; then
  command -v python3 >/dev/null || missing+=(python3) # workers that models are behind
  command -v gcc >/dev/null || missing+=(gcc libc6-dev) # builds the library that makes system calls fail
  # Servers that the tests start for themselves.
  [ -x /usr/sbin/nginx ] || missing+=(nginx)
  [ -x /usr/sbin/apache2 ] || missing+=(apache2-bin)
  command -v openssl >/dev/null || missing+=(openssl) # passwords and certificates for them
  [ -x /usr/bin/chromium ] || missing+=(chromium)     # looks at the dashboard
  command -v systemd-analyze >/dev/null || missing+=(systemd) # reads the unit of docs/deploy; brings no init and starts nothing
  # Read and lay out the images that the tests bake.
  command -v skopeo >/dev/null || missing+=(skopeo)
  command -v umoci >/dev/null || missing+=(umoci)
  # Shells that the command's words are completed in.
  command -v zsh >/dev/null || missing+=(zsh)
  command -v fish >/dev/null || missing+=(fish)
fi
if [ "${1:-}" = --full ] && [ "$(id -u)" -eq 0 ]; then
  # For file systems of their own, to run full and to cut the power of: only root may mount them.
  command -v mkfs.ext4 >/dev/null || missing+=(e2fsprogs)
  command -v mkfs.xfs >/dev/null || missing+=(xfsprogs)
  command -v mount >/dev/null || missing+=(mount)
fi
services=()
if [ -n "$has_servers" ]; then
  command -v promtool >/dev/null || services=(prometheus) # checks the metrics, the alerts and the dashboard
  command -v radosgw >/dev/null || services+=(ceph-mon ceph-osd ceph-common radosgw) # the S3 server of the tests
fi
# Debian starts the services that it installs, unless a policy says no: such a one stands in containers, and elsewhere only who
# says so gets it for as long as the packages are put in place.
forbids_services() {
  local status=0
  [ -x /usr/sbin/policy-rc.d ] && { /usr/sbin/policy-rc.d radosgw start >/dev/null 2>&1 || status=$?; }
  [ "$status" -eq 101 ]
}
policy=/usr/sbin/policy-rc.d
may_forbid() { [ "${CI:-}" = true ] || [ "${LARDER_ALLOW_SERVICES:-}" = 1 ]; }
if [ ${#services[@]} -gt 0 ] && { [ "$(id -u)" -ne 0 ] || ! { forbids_services || may_forbid; }; }; then
  echo "Not installed, so that tests are skipped: ${services[*]}. LARDER_ALLOW_SERVICES=1, as root, installs them; none of their services will start." >&2
  services=()
fi
missing+=("${services[@]}")
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "Missing: ${missing[*]}. Install them, or run this once as root." >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
if [ ${#services[@]} -gt 0 ] && ! forbids_services; then
  kept=
  restore_policy() {
    rm -f "$policy"
    [ -z "$kept" ] || mv "$kept" "$policy"
  }
  trap restore_policy EXIT
  trap 'exit 130' INT TERM
  [ ! -e "$policy" ] || { kept=$policy.before-larder && mv "$policy" "$kept"; }
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
fi
apt-get update -qq
# At runlevel 1 nothing that is installed starts by itself, where Debian's own scripts decide that.
RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
