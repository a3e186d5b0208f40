#!/usr/bin/env bash
# Builds and runs the tests; the last line is "N passed, N failed, N skipped".
#   --fast  without the tests that start servers and processes     --full  with the long campaigns
set -uo pipefail
cd "$(dirname "$0")/.."

mode=${1:-}
filters=() needs=--test
case $mode in
  --fast) filters=(-trait- Category=Integration -trait- Category=Full) ;;
  --full) export LARDER_KILL_CYCLES=${LARDER_KILL_CYCLES:-1000} LARDER_POWER_CUTS=${LARDER_POWER_CUTS:-200} needs=--full ;;
  "") filters=(-trait- Category=Full) ;;
  *) echo "Unknown option $mode: --fast and --full are known." >&2; exit 2 ;;
esac

eng/prerequisites.sh "$needs" || exit 1
eng/faults.sh || exit 1
[ "$mode" = --fast ] || eng/azurite.sh --install || exit 1
dotnet build Larder.slnx -c Release --nologo -v quiet || exit 1

passed=0 failed=0 skipped=0
results=artifacts/test-results
mkdir -p "$results"
rm -f "$results"/*.log
for project in test/*Tests samples/recordings/*Tests; do
  name=$(basename "$project")
  [ "$mode" = --fast ] && [[ "$name" =~ ^Larder\.(Integration|Browser)Tests$ ]] && continue
  echo "== $name"
  # What a sample shows is that its tests need no model; it comes last.
  [[ $project == samples/* ]] && export USE_DEPLOYMENT_CACHE=true
  report=$results/$name.xml
  rm -f "$report"
  # A shell that starts us in the background has interrupts ignored, and nohup hang-ups, and so would have the commands that tests send them to.
  env --default-signal=INT,HUP "artifacts/bin/$name/release/$name" -noLogo -noColor "${filters[@]}" -xml "$report" 2>&1 |
    tee "$results/$name.log"
  status=${PIPESTATUS[0]}
  if [ ! -f "$report" ]; then
    echo "$name ended with exit code $status and no report." >&2
    failed=$((failed + 1))
    continue
  fi
  count() { sed -n "s/.*<assembly [^>]* $1=\"\([0-9]*\)\".*/\1/p" "$report" | head -n 1; }
  here_failed=$(($(count failed) + $(count errors)))
  # A runner that crashed after its last test still failed.
  [ "$status" -ne 0 ] && [ "$here_failed" -eq 0 ] && here_failed=1
  passed=$((passed + $(count passed))) failed=$((failed + here_failed)) skipped=$((skipped + $(count skipped)))
done
# The tests' passwords, keys and tokens have this in them, plain or in base64: nothing that was printed may.
for log in "$results"/*.log; do
  if grep -qE 'larder-canary|bGFyZGVyLWNhbmFye|xhcmRlci1jYW5hcn|sYXJkZXItY2FuYXJ5' "$log"; then
    echo "$log has a secret of the tests in it." >&2
    failed=$((failed + 1))
  fi
done
# Once more where a reader of the last page sees them.
if [ "$failed" -gt 0 ]; then
  awk '/ \[FAIL\]$/ { left = 30; print "" } / \[(SKIP|STARTING)\]$|=== TEST EXECUTION SUMMARY|^  Finished:/ { left = 0 } left-- > 0' \
    "$results"/*.log
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
