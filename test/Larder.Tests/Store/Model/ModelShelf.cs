using Larder.Content;
using Larder.Origins;
using Larder.TestKit;
using Larder.Tests.Faults;

namespace Larder.Tests.Store.Model;

/// <summary>Models in directories, each in several versions, of which a link publishes one at a time.</summary>
/// <remarks>
/// All share a file. Of the models 1 and 2 each version has the same weights and another vocabulary. The model 3 has the very
/// files of model 0, so that two entries name one version.
/// </remarks>
internal sealed class ModelShelf
{
    public const int Models = 4;
    public const int Versions = 3;

    private static readonly Dictionary<(int Model, int Version), Dictionary<string, byte[]>> Files = All()
        .ToDictionary(id => id, id => Make(id.Model, id.Version));

    private static readonly Dictionary<(int Model, int Version), Digest> Digests = Files.ToDictionary(
        pair => pair.Key,
        pair => TwoModels.DigestOf(pair.Value)
    );

    private readonly string _directory;

    public ModelShelf(string directory)
    {
        _directory = directory;
        Directory.CreateDirectory(Path.Join(directory, "models"));
        foreach (var (model, version) in All())
            TwoModels.Write(Source(model, version), FilesOf(model, version));
        PublishFirst();
    }

    /// <summary>The files of one version.</summary>
    public static IReadOnlyDictionary<string, byte[]> FilesOf(int model, int version) => Files[(model, version)];

    /// <summary>The files of the version of that name.</summary>
    public static IReadOnlyDictionary<string, byte[]> FilesOf(Digest version) =>
        Files[Digests.First(pair => pair.Value == version).Key];

    /// <summary>The distinct blobs of a version, and their sizes.</summary>
    public static IReadOnlyDictionary<Digest, int> BlobsOf(Digest version) =>
        FilesOf(version)
            .Values.DistinctBy(bytes => Digest.Of(bytes))
            .ToDictionary(bytes => Digest.Of(bytes), bytes => bytes.Length);

    public static int SizeOf(Digest version) => FilesOf(version).Values.Sum(bytes => bytes.Length);

    public static Digest DigestOf(int model, int version) => Digests[(model, version)];

    public ModelReference Reference(int model) => ModelReference.OfPath(Link(model));

    /// <summary>The version that the origin has now.</summary>
    public Digest Published(int model) =>
        DigestOf(model, Path.GetFileName(File.ResolveLinkTarget(Link(model), false)!.FullName)[^1] - '0');

    public void Publish(int model, int version)
    {
        File.Delete(Link(model));
        File.CreateSymbolicLink(Link(model), Source(model, version));
    }

    /// <summary>Publishes the first version of each model.</summary>
    public void PublishFirst()
    {
        for (var model = 0; model < Models; model++)
            Publish(model, 0);
    }

    private static IEnumerable<(int Model, int Version)> All() =>
        from model in Enumerable.Range(0, Models)
        from version in Enumerable.Range(0, Versions)
        select (model, version);

    private static Dictionary<string, byte[]> Make(int model, int version)
    {
        var first = model == 3 ? 0 : model;
        var weights = first == 2 ? 1 : first;
        return new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["model.onnx"] = TestBytes.Of(4000 + (100 * weights) + version, (weights * Versions) + version),
            ["sub/vocabulary"] = TestBytes.Of(700 + first, 1000 + first),
            ["shared"] = TestBytes.Of(300, seed: 99),
        };
    }

    private string Source(int model, int version) => Path.Join(_directory, "versions", $"{model}-{version}");

    private string Link(int model) => Path.Join(_directory, "models", $"{model}");
}
