using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Larder.Content;

namespace Larder.Benchmarks;

/// <summary>The documents of a hit beside the hash that names them.</summary>
[MemoryDiagnoser]
public class ContentBenchmark
{
    private readonly byte[] _manifest = Manifest
        .Create(
            Enumerable
                .Range(0, 50)
                .Select(i => new ManifestFile(
                    $"weights/part-{i:00000}.bin",
                    1L << 20,
                    Digest.Of(BitConverter.GetBytes(i))
                ))
        )
        .Bytes.ToArray();

    private readonly JsonObject _request = new()
    {
        ["kind"] = "model",
        ["version"] = 1,
        ["reference"] = "https://models.example.com/house-prices/model.onnx",
    };

    /// <summary>The SHA-256 of the manifest's bytes, which reading it includes.</summary>
    [Benchmark(Baseline = true)]
    public Digest HashOfManifest() => Digest.Of(_manifest);

    /// <summary>A manifest of 50 files, read and checked.</summary>
    [Benchmark]
    public Manifest ParseManifest() => Manifest.Parse(_manifest);

    /// <summary>The key of a request.</summary>
    [Benchmark]
    public EntryKey KeyOfRequest() => EntryKey.Of(_request);
}
