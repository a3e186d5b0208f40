using Larder;
using Larder.Origins;

namespace PackagePages;

/// <summary>The page of the package <c>Larder</c>.</summary>
internal static class LarderPage
{
    public static async Task RunAsync(string[] _)
    {
        // A model is any directory, or whatever a URL names: ModelReference.Parse("https://host/models/a.onnx").
        Directory.CreateDirectory("my-model");
        await File.WriteAllTextAsync("my-model/weights.txt", "0.1 0.2 0.3");
        var reference = ModelReference.OfPath("my-model");

        // The first pull fetches, verifies and stores the files; the second finds them. A lease holds them meanwhile.
        using var cache = new ModelCache(new ModelCacheOptions { StorePath = "store" });
        using var first = await cache.PullAsync(reference);
        using var again = await cache.PullAsync(reference);
        Console.WriteLine(
            $"{first.Outcome}, then {again.Outcome}: {await File.ReadAllTextAsync($"{again.Path}/weights.txt")}"
        );
    }
}
