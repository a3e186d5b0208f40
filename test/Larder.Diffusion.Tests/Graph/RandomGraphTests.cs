using Larder.Diffusion.Graph;

namespace Larder.Diffusion.Tests.Graph;

/// <summary>Random graphs against an interpreter that works out each value from those that it is made of, when asked for it.</summary>
public sealed class RandomGraphTests
{
    private const int Graphs = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Seeds are in the names of the tests.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task RunAsync_RandomGraph_GivesWhatAnInterpreterGives(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < Graphs; round++)
        {
            var sample = new RandomGraph(random);
            var graph = sample.Builder.Build();
            var runs = Enumerable
                .Range(0, 3)
                .Select(run => (Run: run, Number: random.NextInt64(1000), Made: new List<Thing>()))
                .ToList();
            var options = new GraphRunOptions { MaxParallelNodes = random.Next(1, 5) };

            // At once, through one graph.
            var results = await Task.WhenAll(
                    runs.Select(run => graph.RunAsync(sample.Inputs(run.Number, run.Made), options, Token))
                )
                .WaitAsync(Patience, Token);

            foreach (var (run, result) in runs.Zip(results))
            {
                foreach (var (name, expected) in sample.Expected(run.Number))
                    Assert.Equal(expected, ((Thing)result[name]!).Number);
                var outputs = graph.Outputs.Select(output => (Thing)result[output.Name]!).ToHashSet();
                Assert.All(run.Made, thing => Assert.NotEqual(outputs.Contains(thing), thing.IsDisposed));
                result.Dispose();
                Assert.All(run.Made, thing => Assert.True(thing.IsDisposed));
            }
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task RunAsync_RandomGraphWithANodeThatFails_NamesItAndDisposesOfAll(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < Graphs; round++)
        {
            var sample = new RandomGraph(random);
            var failing = sample.FailAny(random);
            var made = new List<Thing>();
            var options = new GraphRunOptions { MaxParallelNodes = random.Next(1, 5) };

            var failure = await Assert.ThrowsAsync<GraphRunException>(() =>
                sample.Builder.Build().RunAsync(sample.Inputs(1, made), options, Token).WaitAsync(Patience, Token)
            );

            Assert.Equal(failing, failure.Node);
            Assert.All(made, thing => Assert.True(thing.IsDisposed));
        }
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public async Task RunAsync_RandomGraphCancelledAnywhere_EndsAndDisposesOfAll(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < Graphs; round++)
        {
            using var cancellation = new CancellationTokenSource();
            var sample = new RandomGraph(random);
            sample.CancelAtAny(random, cancellation);
            var made = new List<Thing>();
            var options = new GraphRunOptions { MaxParallelNodes = random.Next(1, 5) };
            var run = sample.Builder.Build().RunAsync(sample.Inputs(1, made), options, cancellation.Token);
            try
            {
                (await run.WaitAsync(Patience, Token)).Dispose();
            }
            catch (OperationCanceledException cancelled)
            {
                Assert.Equal(cancellation.Token, cancelled.CancellationToken);
            }

            Assert.All(made, thing => Assert.True(thing.IsDisposed));
        }
    }
}
