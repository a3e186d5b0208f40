namespace Larder.Recordings.AI.Tests.Page;

public sealed record Opinion(string Label, double Score);
