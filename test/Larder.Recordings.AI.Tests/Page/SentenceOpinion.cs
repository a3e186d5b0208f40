namespace Larder.Recordings.AI.Tests.Page;

public sealed record SentenceOpinion(string Sentence, Opinion Opinion);
