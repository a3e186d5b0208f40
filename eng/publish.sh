#!/usr/bin/env bash
# Publishes the larder command, compiled ahead of time, into artifacts/larder.
set -euo pipefail
cd "$(dirname "$0")/.."

rm -rf artifacts/larder
dotnet publish src/Larder.Cli -c Release -r linux-x64 --no-self-contained -o artifacts/larder \
  -p:PublishReadyToRun=true -p:DebugType=none -p:PublishDocumentationFiles=false --nologo -v quiet
artifacts/larder/larder --version
