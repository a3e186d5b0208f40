# Lets the Hub's client for Python do something, and prints what came of it as JSON. The Hub is what HF_ENDPOINT names.
#   python3 client.py download REPO CACHE             fetches a repository into a cache
#   python3 client.py offline REPO REVISION CACHE     finds a revision in a cache without asking anybody
#   python3 client.py scan CACHE                      reads a cache
import json
import sys

import huggingface_hub


def download(repo, cache):
    return {"path": huggingface_hub.snapshot_download(repo, cache_dir=cache)}


def offline(repo, revision, cache):
    return {"path": huggingface_hub.snapshot_download(repo, revision=revision, cache_dir=cache, local_files_only=True)}


def scan(cache):
    found = huggingface_hub.scan_cache_dir(cache)
    return {
        "warnings": [str(warning) for warning in found.warnings],
        "repositories": [
            {
                "name": repo.repo_id,
                "commits": [
                    {
                        "commit": revision.commit_hash,
                        "refs": sorted(revision.refs),
                        "files": [
                            {"path": str(file.file_path.relative_to(revision.snapshot_path)), "bytes": file.size_on_disk}
                            for file in revision.files
                        ],
                    }
                    for revision in repo.revisions
                ],
            }
            for repo in found.repos
        ],
    }


print(json.dumps({"download": download, "offline": offline, "scan": scan}[sys.argv[1]](*sys.argv[2:])))
