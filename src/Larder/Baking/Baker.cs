using System.Text.Json.Nodes;
using Larder.Baking.Images;
using Larder.Content;
using Larder.Pull;

namespace Larder.Baking;

/// <summary>Bakes models into an image.</summary>
/// <param name="options">What else the image is made of.</param>
/// <param name="findFile">Tells where the bytes of a file of a snapshot lie.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class Baker(
    BakeOptions options,
    Func<Snapshot, ManifestFile, string> findFile,
    TimeProvider timeProvider
)
{
    /// <summary>Says in an image which models are in it.</summary>
    public const string ModelsLabel = "io.larder.models";

    // overlayfs stacks 128 directories, and a container has some of its own.
    private const int MostLayers = 120;

    public async Task<BakeResult> RunAsync(
        IReadOnlyList<BakeModel> models,
        string path,
        CancellationToken cancellationToken
    )
    {
        var root = BakedPlaces.RootOf(options.Path, options.Layout, nameof(BakeOptions.Path));
        var wanted = options.Platform is { } text ? Platform.Parse(text, nameof(BakeOptions.Platform)) : null;
        BakedPlaces.ThrowIfWrong(models, options.Layout);
        ThrowIfWrong(options.Environment);
        using var archive = options.BaseArchive is { } file ? ImageArchive.Open(file) : null;
        var image = archive?.Find(wanted);
        var most = MostLayers - (image?.Layers.Count ?? 0);
        // One for what hides an older store, one of large files, one of small ones.
        if (most < 3)
            throw archive!.Fault(
                $"has {image!.Layers.Count} layers, and engines take {MostLayers}: there is no room for more"
            );
        var planner = new LayerPlanner(root, image is not null, most, findFile);
        var layers = options.Layout == BakeLayout.Store ? planner.PlanStore(models) : planner.PlanFiles(models);
        return await new ImageWriter(archive, image, options, image?.Platform ?? wanted ?? Platform.Default)
            .WriteAsync(
                path,
                layers,
                new Dictionary<string, string>(StringComparer.Ordinal) { [ModelsLabel] = Describe(models) },
                timeProvider,
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    private string Describe(IReadOnlyList<BakeModel> models)
    {
        var list = new JsonArray();
        foreach (var model in models.OrderBy(model => model.Snapshot.Key.Digest))
        {
            var described = new JsonObject
            {
                ["reference"] = model.Snapshot.Reference.Text,
                ["digest"] = model.Snapshot.Digest.ToString(),
            };
            if (options.Layout == BakeLayout.Files)
                described["path"] = $"{options.Path.TrimEnd('/')}/{model.Name}";
            list.Add((JsonNode)described);
        }
        return list.ToJsonString();
    }

    private static void ThrowIfWrong(IReadOnlyList<string> environment)
    {
        foreach (var variable in environment)
        {
            if (
                variable.IndexOf('=', StringComparison.Ordinal) <= 0
                || variable.Contains('\0', StringComparison.Ordinal)
            )
                throw new ArgumentException($"'{variable}' is no variable; NAME=value is.", nameof(environment));
        }
    }
}
