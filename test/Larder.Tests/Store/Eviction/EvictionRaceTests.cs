using System.Globalization;
using Larder.TestKit;
using Larder.Tests.Faults;

namespace Larder.Tests.Store.Eviction;

/// <summary>Sixteen readers in four processes of eight models, in a store for two of them, while another evicts all the time.</summary>
public sealed class EvictionRaceTests(ITestOutputHelper output) : IDisposable
{
    private const int Models = 8;
    private const int Processes = 4;
    private const int Size = 150_000;

    private readonly TempDirectory _directory = new();

    private string Root => _directory["store"];

    // Where locks lie this holds for bytes; files may be missing for a moment, which the readers wait for and count.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EvictAsync_WhileManyRead_NeverTakesAFileOrAByteUnderALease(bool locksLie)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        for (var model = 0; model < Models; model++)
            TwoModels.Write(_directory[$"models/{model}"], FilesOf(model));
        string[] environment =
        [
            string.Create(CultureInfo.InvariantCulture, $"LARDER_TEST_CAPACITY={(2 * Size) + 60_000}"),
            .. locksLie ? ["LARDER_TEST_LYING_LOCKS=1"] : (string[])[],
        ];

        using var evictor = HostProcess.Start(["evict", Root], environment);
        var ends = await Task.WhenAll(
            Enumerable
                .Range(0, Processes)
                .Select(process =>
                    HostProcess.RunAsync(
                        [
                            "read",
                            Root,
                            _directory["models"],
                            (seed + (100 * process)).ToString(CultureInfo.InvariantCulture),
                        ],
                        environment
                    )
                )
        );
        var evicted = await evictor.EndAsync();

        Assert.SkipWhen(ends.Any(end => end.ExitCode == 77), "this system lets no process have locks that lie");
        Assert.All([.. ends, evicted], end => Assert.True(end.ExitCode == 0, end.Output));
        output.WriteLine(string.Concat(ends.Append(evicted).Select(end => end.Output)).Replace('\n', ' '));
        Assert.Contains(ends, end => !end.Output.Contains("read 0 ", StringComparison.Ordinal));
        StoreAudit.AssertWholeInUse(Root);
        if (!locksLie)
            StoreAudit.AssertWhole(Root);
    }

    public void Dispose() => _directory.Dispose();

    private static Dictionary<string, byte[]> FilesOf(int model) =>
        new(StringComparer.Ordinal)
        {
            ["model.onnx"] = TestBytes.Of(Size, model),
            ["sub/vocabulary"] = TestBytes.Of(10_000, 1000 + (model / 2)),
            ["shared"] = TestBytes.Of(5000, seed: 99),
        };
}
