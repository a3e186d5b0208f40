using Larder;
using Larder.Azure;
using Larder.Origins;

namespace PackagePages;

/// <summary>The page of the package <c>Larder.Azure</c>.</summary>
internal static class AzurePage
{
    public static async Task RunAsync(string[] args)
    {
        // Who asks is found out as Azure's tools do it: the environment, a managed identity, 'az login'.
        using var azure = new AzureBlobOrigin();
        using var cache = new ModelCache(new ModelCacheOptions { StorePath = "store" }, [azure]);

        using var model = await cache.PullAsync(ModelReference.Parse(args[0]));
        Console.WriteLine($"{model.Outcome}: {model.Manifest.SizeBytes} bytes in {model.Path}");
    }
}
