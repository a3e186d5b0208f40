using Larder.Recordings;

namespace Reviews;

/// <summary>Tells praise from complaint.</summary>
public interface ISentiment
{
    /// <summary>What a text as a whole says.</summary>
    [TestCache]
    Task<Opinion> ScoreAsync(string text, CancellationToken cancellationToken = default);

    /// <summary>What each of its sentences says, one after the other.</summary>
    [TestCache]
    IAsyncEnumerable<SentenceOpinion> ScoreSentencesAsync(string text, CancellationToken cancellationToken = default);
}
