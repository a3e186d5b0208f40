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
case $(git remote get-url origin 2>/dev/null) in
  *github.com* | *gitlab.com* | *bitbucket.org* | *dev.azure.com* | *visualstudio.com*) ;;
  *) echo "The remote 'origin' is at none of the hosts that .NET knows: the symbols say no address of the sources, only their commit." >&2 ;;
esac
ls "$folder"
