#!/usr/bin/env bash
# Runs the benchmarks on what `make publish` has published; tables on standard output and in artifacts/bench/results.md.
#   bench.sh [PART...]  parts: prediction, load, pull, verify, entries, recordings, runs, presets, workers, zipf, operations, policies, sharing, peers; all without an argument,
#                       but for sharing (rclone beside it) and peers (rclone, curl, aria2, aws), which install servers;
#                       peers takes 10 GB of disk
#   FULL=1              longer, for numbers that are to be written down
set -euo pipefail
cd "$(dirname "$0")/.."

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(prediction load pull verify entries recordings runs presets workers zipf operations policies)
for part in "${parts[@]}"; do
  case $part in
    prediction | load | pull | verify | entries | recordings | runs | presets | workers | zipf | operations | policies | sharing | peers) ;;
    *) echo "Unknown part $part: prediction, load, pull, verify, entries, recordings, runs, presets, workers, zipf, operations, policies, sharing and peers are known." >&2; exit 2 ;;
  esac
done

larder=$PWD/artifacts/larder/larder
work=$PWD/artifacts/bench
results=$work/results.md
hot_paths=artifacts/bin/HotPaths/release/HotPaths peers=artifacts/bin/Peers/release/Peers
if [ -n "${FULL:-}" ]; then rounds=15 runs=50 job=default verified=4GiB; else rounds=5 runs=20 job=short verified=512MiB; fi

[ -x "$larder" ] || { echo "There is no $larder: run 'make publish' first, or 'make bench'." >&2; exit 1; }
eng/prerequisites.sh --bench
[[ " ${parts[*]} " != *" peers "* && " ${parts[*]} " != *" sharing "* ]] || eng/prerequisites.sh --peers
mkdir -p "$work"

publish() { # as eng/publish.sh publishes the command
  dotnet publish "bench/$1" -c Release -r linux-x64 --no-self-contained -o "$work/$1" \
    -p:PublishReadyToRun=true -p:DebugType=none -p:PublishDocumentationFiles=false --nologo -v quiet
}

prediction() {
  publish BareEndpoint
  $hot_paths prediction --larder "$larder" --bare "$work/BareEndpoint/BareEndpoint" \
    --model samples/models/house-prices/v1 --work "$work/prediction" --rounds "$rounds"
}

load() {
  publish BareEndpoint
  $hot_paths load --larder "$larder" --bare "$work/BareEndpoint/BareEndpoint" \
    --model samples/models/house-prices/v1 --work "$work/load" --rounds "$rounds"
}

generate() { # DIR OPTION...: a model of random bytes, once
  if [ ! -d "$1" ]; then
    rm -rf "$1.new"
    dotnet run --project samples/ModelGenerator -c Release -- random "${@:2}" --output "$1.new" >/dev/null
    mv "$1.new" "$1"
  fi
}

pull() { # of 50 files: model.onnx, four of 256 MiB and 45 of 20 kB
  publish BareCommand
  local model=$work/model
  generate "$model" --size 1GiB --files 4 --extra 45x20kB
  $hot_paths pull --larder "$larder" --bare "$work/BareCommand/BareCommand" \
    --model "$model" --work "$work/pull" --rounds "$runs" --proof
}

verify() { # of 8 large files and 20 small ones
  local model=$work/verified-$verified
  generate "$model" --size "$verified" --files 8 --extra 20x20kB
  $hot_paths verify --larder "$larder" --model "$model" --work "$work/verify-$verified" --rounds 5
}

entries() { # 100,000 of them
  $hot_paths entries --larder "$larder" --work "$work/entries" --rounds "$rounds"
}

runs() {
  $hot_paths runs --work "$work/runs"
}

presets() {
  $hot_paths presets --models samples/models/video --work "$work/presets" --rounds "$rounds"
}

zipf() { # 200 models in a budget for 20
  $hot_paths zipf --larder "$larder" --model samples/models/house-prices/v1 --work "$work/zipf"
}

peers() { # the model of pull behind nginx, in Ceph, in Azurite, behind a long link; one file of 4 GiB
  dotnet build bench/peers -c Release --nologo -v quiet
  local model=$work/model large=$work/large part
  generate "$model" --size 1GiB --files 4 --extra 45x20kB
  generate "$large" --size 4GiB --files 1
  for part in nginx ceph azurite link; do
    $peers "$part" --larder "$larder" --model "$model" --work "$work/peers-$part" --rounds 5
  done
  $peers memory --larder "$larder" --model "$large" --work "$work/peers-memory"
  rm -rf "$work"/peers-*/{store,origin,rclone,rclone-proof,curl,aria2,aws}
}

sharing() { # ten passes over a model of 32 MiB through Azurite; a model of 256 MiB through Ceph and Azurite
  dotnet build bench/peers -c Release --nologo -v quiet
  generate "$work/small" --size 32MiB --files 4
  generate "$work/middle" --size 256MiB --files 4 --extra 20x20kB
  $peers chain --larder "$larder" --model "$work/small" --work "$work/chain" --rounds "$rounds"
  $peers share --larder "$larder" --model "$work/middle" --work "$work/share" --rounds "$rounds"
  rm -rf "$work"/{chain,share}/{store*,rclone,azurite}
}

recordings() { # 10,000 of one method
  $hot_paths recordings --work "$work/recordings" --rounds "$rounds"
}

workers() { # the sample's worker beside bare pipes to it
  $hot_paths workers --work "$work/workers" --worker samples/workers/larder_worker.py --rounds "$rounds"
}

operations() {
  local out=$work/operations
  rm -rf "$out"
  artifacts/bin/Larder.Benchmarks/release/Larder.Benchmarks --filter '*' --inProcess --job "$job" \
    --artifacts "$out" >"$work/operations.log" || { tail -n 40 "$work/operations.log" >&2; return 1; }
  printf '\n## Single operations\n'
  local table
  for table in "$out"/results/*-report-github.md; do
    printf '\n%s\n\n' "$(basename "$table" -report-github.md | sed 's/.*\.//; s/Benchmark$//')"
    grep '^|' "$table"
  done
}

policies() { # the plot goes where bench/README.md shows it
  printf '\n## Eviction policies\n'
  dotnet build bench/PolicySimulator -c Release --nologo -v quiet
  artifacts/bin/PolicySimulator/release/PolicySimulator --json "$work/policies.json" --plot bench/policies.svg
}

dotnet build bench/HotPaths -c Release --nologo -v quiet
dotnet build bench/Larder.Benchmarks -c Release --nologo -v quiet
{
  echo "# Benchmarks"
  echo
  echo "$(date -u +%F), $(nproc) cores of $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), .NET $(dotnet --version)," \
    "load $(cut -d ' ' -f 1 /proc/loadavg), commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown)"
  for part in "${parts[@]}"; do "$part"; done
} | tee "$results"
echo "The tables are in ${results#"$PWD"/}." >&2
