namespace Larder.Recordings.AI.Tests.Page;

public interface ISentiment
{
    [TestCache]
    Task<Opinion> ScoreAsync(string text, CancellationToken cancellationToken = default);

    [TestCache]
    IAsyncEnumerable<SentenceOpinion> ScoreSentencesAsync(string text, CancellationToken cancellationToken = default);
}
