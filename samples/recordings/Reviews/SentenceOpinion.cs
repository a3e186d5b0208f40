namespace Reviews;

/// <summary>What one sentence says.</summary>
public sealed record SentenceOpinion(string Sentence, Opinion Opinion);
