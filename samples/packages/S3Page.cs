using Larder;
using Larder.Origins;
using Larder.S3;

namespace PackagePages;

/// <summary>The page of the package <c>Larder.S3</c>.</summary>
internal static class S3Page
{
    public static async Task RunAsync(string[] args)
    {
        // Credentials and region come from where the tools of AWS have them.
        using var s3 = new S3Origin();
        using var cache = new ModelCache(new ModelCacheOptions { StorePath = "store" }, [s3]);

        using var model = await cache.PullAsync(ModelReference.Parse(args[0]));
        Console.WriteLine($"{model.Outcome}: {model.Manifest.SizeBytes} bytes in {model.Path}");
    }
}
