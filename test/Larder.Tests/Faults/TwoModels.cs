using Larder.Content;
using Larder.Origins;
using Larder.TestKit;

namespace Larder.Tests.Faults;

/// <summary>Two models in directories, which share a file, and a store beside them.</summary>
internal sealed class TwoModels : IDisposable
{
    // One file is longer than what is written at once: only there can bytes go missing and the length be right.
    private static readonly Dictionary<string, byte[]>[] Versions =
    [
        .. Enumerable
            .Range(1, 2)
            .Select(version => new Dictionary<string, byte[]>(StringComparer.Ordinal)
            {
                ["model.onnx"] = TestBytes.Of((1 << 20) + 50_000 + version, version),
                ["sub/vocabulary"] = TestBytes.Of(2000, version),
                ["sub/constant"] = TestBytes.Of(500, seed: 98),
                ["shared"] = TestBytes.Of(1000, seed: 99),
            }),
    ];

    private readonly TempDirectory _directory = new();

    public TwoModels()
    {
        Write(_directory["bystander"], Bystander);
        Release(1);
    }

    /// <summary>The files of the model that lies there and must never suffer.</summary>
    public static IReadOnlyDictionary<string, byte[]> Bystander { get; } =
        new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["model.onnx"] = TestBytes.Of(20_000, seed: 50),
            ["shared"] = TestBytes.Of(1000, seed: 99),
        };

    /// <summary>The files of the model that a test pulls, changes and clears: version 1 or 2.</summary>
    public static IReadOnlyDictionary<string, byte[]> Version(int version) => Versions[version - 1];

    public string Root => _directory["store"];

    public ModelReference Reference => ModelReference.OfPath(_directory["model"]);

    public ModelReference BystanderReference => ModelReference.OfPath(_directory["bystander"]);

    /// <summary>The name of a version in a store.</summary>
    public static Digest DigestOf(IReadOnlyDictionary<string, byte[]> files) =>
        Manifest
            .Create(files.Select(file => new ManifestFile(file.Key, file.Value.Length, Digest.Of(file.Value))))
            .Digest;

    /// <summary>The paths in a snapshot whose bytes are not those of the version.</summary>
    public static IReadOnlyList<string> Wrong(string snapshot, IReadOnlyDictionary<string, byte[]> files) =>
        [
            .. files
                .Select(file => (Path: Path.Join(snapshot, file.Key), Bytes: file.Value))
                .Where(file =>
                    !File.Exists(file.Path) || !File.ReadAllBytes(file.Path).AsSpan().SequenceEqual(file.Bytes)
                )
                .Select(file => file.Path),
        ];

    /// <summary>Puts another version of the model where it comes from.</summary>
    public void Release(int version) => Write(_directory["model"], Version(version));

    /// <summary>Writes files into a directory.</summary>
    public static void Write(string directory, IReadOnlyDictionary<string, byte[]> files)
    {
        foreach (var (path, bytes) in files)
        {
            var target = Path.Join(directory, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, bytes);
        }
    }

    public void Dispose() => _directory.Dispose();
}
