#!/usr/bin/env bash
# Packs the libraries and the command, with their symbols, into artifacts/packages, or into the directory that is given.
#   eng/pack.sh [DIRECTORY [PROJECT...]]   PROJECT: a name such as Larder.Onnx; without any, all of src
set -euo pipefail
cd "$(dirname "$0")/.."

folder=${1:-artifacts/packages}
[ $# -eq 0 ] || shift
projects=("$@")
[ ${#projects[@]} -gt 0 ] || projects=($(cd src && ls -d Larder*))
mkdir -p "$folder"
rm -f "$folder"/Larder*.nupkg "$folder"/Larder*.snupkg

for project in "${projects[@]}"; do
  # As on a build server, so that nobody's directories are in what everybody gets; apart from the everyday build, because the
  # compiler would not be started again for that difference alone. What is wrong with the code, 'make build' says.
  dotnet pack "src/$project" -c Release -o "$folder" --nologo -v quiet \
    -p:ContinuousIntegrationBuild=true -p:RunAnalyzers=false -p:ArtifactsPath="$PWD/artifacts/pack"
done
# The command's own package only names those of its platforms, which have the symbols; the gallery takes no empty ones.
rm -f "$folder"/Larder.Cli.[0-9]*.snupkg
git remote get-url origin >/dev/null 2>&1 ||
  echo "This clone has no remote 'origin': the packages name their commit, but no repository, and debuggers find no sources." >&2
ls "$folder"
