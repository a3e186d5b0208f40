#!/usr/bin/env bash
# A real S3 server on 127.0.0.1: Ceph's RADOS Gateway over one monitor and one OSD that keeps all in memory.
#   ceph.sh DIR ACCESS_KEY SECRET_KEY
# Starts in a few seconds and takes 250 MB. Prints "ready URL" when it answers; stops, and removes DIR, when its standard input
# ends: so it never outlives who started it, however that one ends. On a terminal, Ctrl-D does it.
set -euo pipefail

dir=$(realpath -m "${1:?a directory}") access_key=${2:?an access key} secret_key=${3:?a secret key}
[[ ! -e $dir ]] || { echo "ceph.sh: $dir exists already; name a directory that can be made and removed." >&2; exit 2; }
for program in monmaptool ceph-mon ceph-osd radosgw radosgw-admin ceph setpriv; do
  command -v "$program" >/dev/null || { echo "ceph.sh: $program is missing; CONTRIBUTING.md says how it comes here." >&2; exit 3; }
done

# Below the ports that the kernel gives to outgoing connections, so that none of those takes one meanwhile.
free_port() {
  local port
  while true; do
    port=$((RANDOM % 12000 + 20000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

pids=()
stop() {
  # Nothing of it is wanted any more, so nobody is asked to end in good order.
  for pid in "${pids[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

fail() {
  echo "ceph.sh: $1" >&2
  tail -n 20 "$dir"/log/*.log >&2 2>/dev/null || true
  exit 1
}

launch() { # in the foreground, and never longer than this script
  setpriv --pdeathsig KILL "$@" </dev/null >>"$dir/log/output" 2>&1 &
  pids+=($!)
}

export CEPH_CONF=$dir/ceph.conf CEPH_ARGS=
fsid=$(cat /proc/sys/kernel/random/uuid)
mon_port=$(free_port)
port=$(free_port)
mkdir -p "$dir"/{mon,osd/0,log}
touch "$dir/keyring"
cat >"$CEPH_CONF" <<CONF
[global]
fsid = $fsid
mon host = 127.0.0.1:$mon_port
public network = 127.0.0.0/8
auth cluster required = none
auth service required = none
auth client required = none
auth allow insecure global id reclaim = true
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 1000
run dir = $dir
log file = $dir/log/\$name.log
log to stderr = false
err to stderr = false
pid file = $dir/\$name.pid
admin socket = $dir/\$name.asok
keyring = $dir/keyring
ms bind ipv6 = false
# Without authentication the default, "secure", makes the gateway hang.
ms mon client mode = crc
ms mon service mode = crc
ms mon cluster mode = crc
[mon]
mon data = $dir/mon/\$id
# It collects changes for a second before it agrees with itself; at a start there are ten, one after another.
paxos propose interval = 0.05
paxos min wait = 0.01
[osd]
osd data = $dir/osd/\$id
osd objectstore = memstore
memstore device bytes = 8589934592
[client.rgw.a]
rgw frontends = beast endpoint=127.0.0.1:$port tcp_nodelay=1
rgw enable usage log = false
CONF

monmaptool --create --add a "127.0.0.1:$mon_port" --fsid "$fsid" --clobber "$dir/monmap" >/dev/null
ceph-mon --mkfs -i a --monmap "$dir/monmap" --keyring "$dir/keyring" >>"$dir/log/output" 2>&1 || fail "the monitor's directory cannot be made"
launch ceph-mon -f -i a
timeout 60 ceph osd create >>"$dir/log/output" 2>&1 || fail "the monitor does not answer"
ceph-osd -i 0 --mkfs --osd-uuid "$(cat /proc/sys/kernel/random/uuid)" >>"$dir/log/output" 2>&1 || fail "the OSD's directory cannot be made"
timeout 60 ceph osd crush add-bucket default root >>"$dir/log/output" 2>&1 || true
launch ceph-osd -f -i 0
launch radosgw -f -n client.rgw.a

for ((tries = 0; ; tries++)); do
  curl -s -o /dev/null -m 5 "http://127.0.0.1:$port/" && break
  kill -0 "${pids[-1]}" 2>/dev/null || fail "the gateway ended"
  [ "$tries" -lt 600 ] || fail "the gateway does not answer"
  sleep 0.2
done
timeout 120 radosgw-admin user create --uid=larder --display-name=larder --max-buckets=0 \
  --access-key="$access_key" --secret-key="$secret_key" >>"$dir/log/output" 2>&1 || fail "the user cannot be made"
echo "ready http://127.0.0.1:$port"

# Until standard input ends. Not by a program: a signal would wait for its end.
while read -r _; do :; done
