#!/usr/bin/env bash
# Packs the libraries and the command, with their symbols, into artifacts/packages.
set -euo pipefail
cd "$(dirname "$0")/.."

rm -rf artifacts/packages
for project in src/*/*.csproj; do
  dotnet pack "$project" -c Release -o artifacts/packages --nologo -v quiet
done
ls artifacts/packages
