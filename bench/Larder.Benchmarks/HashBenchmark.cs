using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Larder.Content;
using Larder.Content.Hashing;

namespace Larder.Benchmarks;

/// <summary>SHA-256 of messages of 1 MiB each, at once and one after the other.</summary>
[MemoryDiagnoser]
public class HashBenchmark
{
    private const int SizeBytes = 1 << 20;

    private readonly IncrementalHash _platform = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _hash = new byte[Digest.SizeBytes];
    private Sha256Message[] _messages = [];
    private ReadOnlyMemory<byte>[] _chunks = [];

    /// <summary>How many messages.</summary>
    [Params(1, 2, 4, 8)]
    public int Messages { get; set; }

    /// <summary>Makes the messages.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _messages = [.. Enumerable.Range(0, Messages).Select(_ => new Sha256Message())];
        _chunks = new ReadOnlyMemory<byte>[Messages];
        foreach (ref var chunk in _chunks.AsSpan())
        {
            var bytes = new byte[SizeBytes];
            random.NextBytes(bytes);
            chunk = bytes;
        }
    }

    /// <summary>The platform's, one after the other.</summary>
    [Benchmark(Baseline = true)]
    public void Platform()
    {
        foreach (var chunk in _chunks)
        {
            _platform.AppendData(chunk.Span);
            _platform.GetHashAndReset(_hash);
        }
    }

    /// <summary>All of them at once.</summary>
    [Benchmark]
    public void Lanes()
    {
        Sha256Lanes.Append(_messages, _chunks);
        foreach (var message in _messages)
            message.Finish();
    }

    /// <summary>Frees the platform's.</summary>
    [GlobalCleanup]
    public void Cleanup() => _platform.Dispose();
}
