namespace PolicySimulator.Scores;

/// <summary>What one play of a trace came to.</summary>
/// <param name="HitRatio">Requests whose model was there, of all.</param>
/// <param name="ByteHitRatio">The bytes of their models, of those of all requests.</param>
/// <param name="SecondsWaited">The load times of all other requests together.</param>
internal sealed record Score(double HitRatio, double ByteHitRatio, double SecondsWaited);
