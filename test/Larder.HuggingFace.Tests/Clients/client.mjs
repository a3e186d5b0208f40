// Lets the Hub's client for JavaScript do something, and prints what came of it as JSON.
//   node client.mjs MODULE download HUB REPO CACHE    fetches a repository into a cache
//   node client.mjs MODULE scan CACHE                 reads a cache
const [module, verb, ...rest] = process.argv.slice(2);
const hub = await import(module);

async function scan(directory) {
  const { repos, warnings } = await hub.scanCacheDir(directory);
  return {
    warnings: warnings.map(String),
    repositories: repos.map((repo) => ({
      name: repo.id.name,
      commits: repo.revisions.map((revision) => ({
        commit: revision.commitOid,
        refs: revision.refs,
        files: revision.files.map((file) => ({ path: file.path.slice(revision.path.length + 1), bytes: file.blob.size })),
      })),
    })),
  };
}

async function download(hubUrl, name, cacheDir) {
  await hub.snapshotDownload({ repo: { type: "model", name }, hubUrl, cacheDir, accessToken: process.env.HF_TOKEN });
  return scan(cacheDir);
}

console.log(JSON.stringify(await { download, scan }[verb](...rest)));
