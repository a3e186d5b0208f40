using Larder;
using Larder.Origins;

using var cache = new ModelCache(new ModelCacheOptions { StorePath = "artifacts/sample-store" });
var reference = ModelReference.OfPath("samples/models/house-prices/v1");

// The first run fetches, verifies and stores the files; every later one finds them. The lease holds them meanwhile.
using var model = await cache.PullAsync(reference);
Console.WriteLine($"{model.Outcome}: {model.Manifest.Files.Count} files in {model.Path}");
