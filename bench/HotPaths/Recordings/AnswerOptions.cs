namespace HotPaths.Recordings;

/// <summary>What a call of the measured service takes besides its prompt.</summary>
public sealed record AnswerOptions(double Temperature, int MaxTokens);
