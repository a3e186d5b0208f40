namespace Reviews;

/// <summary>What a shop does with reviews: code of one's own, with something to test.</summary>
public sealed class Triage(ISentiment sentiment)
{
    /// <summary>Whether somebody is to read it today.</summary>
    public async Task<bool> IsUrgentAsync(string review, CancellationToken cancellationToken = default) =>
        await sentiment.ScoreAsync(review, cancellationToken) is { Label: "negative", Score: < 0.2 };

    /// <summary>The sentence that complains most; null where none complains.</summary>
    public async Task<string?> WorstSentenceAsync(string review, CancellationToken cancellationToken = default)
    {
        SentenceOpinion? worst = null;
        await foreach (var sentence in sentiment.ScoreSentencesAsync(review, cancellationToken))
        {
            if (sentence.Opinion.Score < (worst?.Opinion.Score ?? 0.5))
                worst = sentence;
        }
        return worst?.Sentence;
    }
}
