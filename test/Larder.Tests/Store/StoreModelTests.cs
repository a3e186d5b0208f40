using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Larder.TestKit;
using Larder.Tests.Store.Model;

namespace Larder.Tests.Store;

/// <summary>Random sequences of all that can be done to a store, or can happen to it, against an oracle in memory.</summary>
public sealed class StoreModelTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempDirectory _directory = new();

    [Fact]
    public void Store_RandomStepsAndFaults_IsWhatTheOracleSays() => Run(sequences: 45, mostSteps: 30);

    /// <summary><c>LARDER_MODEL_RUNS</c> sets how many sequences; 2000.</summary>
    [Fact]
    [Trait("Category", "Full")]
    public void Store_ManyRandomStepsAndFaults_IsWhatTheOracleSays() =>
        Run(
            int.Parse(Environment.GetEnvironmentVariable("LARDER_MODEL_RUNS") ?? "2000", CultureInfo.InvariantCulture),
            mostSteps: 60
        );

    public void Dispose() => _directory.Dispose();

    /// <summary><c>LARDER_MODEL_SEED</c> does the same again.</summary>
    private void Run(int sequences, int mostSteps)
    {
        var seed = Environment.GetEnvironmentVariable("LARDER_MODEL_SEED") is { } given
            ? ulong.Parse(given, CultureInfo.InvariantCulture)
            : (ulong)Random.Shared.NextInt64();
        output.WriteLine($"seed {seed}");
        var shelf = new ModelShelf(_directory.Path);
        Prop.ForAll(
                StoreSequence.Arbitrary(mostSteps),
                // FsCheck waits for it itself.
                sequence => StoreModelRun.RunAsync(shelf, sequence)
            )
            .Check(
                Config
                    .QuickThrowOnFailure.WithQuietOnSuccess(true)
                    .WithMaxTest(sequences)
                    .WithReplay(new Replay(new Rnd(seed), null))
            );
    }
}
