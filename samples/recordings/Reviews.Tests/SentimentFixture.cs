using Larder.Recordings;

[assembly: AssemblyFixture(typeof(Reviews.Tests.SentimentFixture))]

namespace Reviews.Tests;

/// <summary>The recordings of all tests, in <c>recordings</c> beside this file.</summary>
public sealed class SentimentFixture : RecordingsFixture, IAsyncDisposable
{
    private readonly Lazy<OnnxSentiment> _model = new(MakeModel);

    public SentimentFixture()
        : base(Options()) => Sentiment = Recordings.Wrap<ISentiment>(() => _model.Value, OnnxSentiment.Deployment);

    /// <summary>The deployment, or its recordings.</summary>
    public ISentiment Sentiment { get; }

    public async ValueTask DisposeAsync()
    {
        if (_model.IsValueCreated)
            await _model.Value.DisposeAsync();
        Dispose();
    }

    private static RecordingsOptions Options()
    {
        var options = RecordingsOptions.Beside();
        options.CurrentTest = () => TestContext.Current.TestMethod?.MethodName;
        // To record into another directory, and see what has changed.
        options.Directory = Environment.GetEnvironmentVariable("REVIEWS_RECORDINGS") ?? options.Directory;
        return options;
    }

    private static OnnxSentiment MakeModel() =>
        new(
            Environment.GetEnvironmentVariable("REVIEWS_MODEL") ?? ModelDirectory(),
            Environment.GetEnvironmentVariable("REVIEWS_STORE") ?? Path.Combine(AppContext.BaseDirectory, "store")
        );

    // Beside() finds this file also where a build that is the same everywhere has renamed it.
    private static string ModelDirectory() =>
        Path.Combine(RecordingsOptions.Beside().Directory, "..", "..", "..", "models", "sentiment");
}
