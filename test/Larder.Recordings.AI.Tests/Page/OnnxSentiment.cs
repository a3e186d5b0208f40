namespace Larder.Recordings.AI.Tests.Page;

/// <summary>Stands for the sample's.</summary>
internal sealed class OnnxSentiment(string modelDirectory) : ISentiment
{
    public static Deployment Deployment { get; } =
        new("sentiment") { Configuration = new { Threads = 1 }, Models = [ModelPin.Read("sentiment.pin.json")] };

    public Task<Opinion> ScoreAsync(string text, CancellationToken cancellationToken = default) =>
        Task.FromException<Opinion>(new DirectoryNotFoundException(modelDirectory));

    public IAsyncEnumerable<SentenceOpinion> ScoreSentencesAsync(
        string text,
        CancellationToken cancellationToken = default
    ) => throw new DirectoryNotFoundException(modelDirectory);
}
