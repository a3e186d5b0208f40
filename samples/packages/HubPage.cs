using Larder;
using Larder.HuggingFace;
using Larder.Origins;

namespace PackagePages;

/// <summary>The page of the package <c>Larder.HuggingFace</c>.</summary>
internal static class HubPage
{
    public static async Task RunAsync(string[] args)
    {
        // HF_TOKEN and HF_ENDPOINT are obeyed.
        using var hub = new HuggingFaceOrigin();
        using var cache = new ModelCache(new ModelCacheOptions { StorePath = "store" }, [hub]);

        using var model = await cache.PullAsync(ModelReference.Parse(args[0]));
        Console.WriteLine($"{model.Outcome}: {model.Manifest.SizeBytes} bytes in {model.Path}");
    }
}
