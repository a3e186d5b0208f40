namespace PolicySimulator.Traces;

/// <summary>A model that requests ask for.</summary>
/// <param name="Name">Its name, for people and for files of traces.</param>
/// <param name="Bytes">The memory that it takes once loaded; at least 1.</param>
/// <param name="LoadTime">What a request waits when the model is not there.</param>
internal sealed record Model(string Name, long Bytes, TimeSpan LoadTime);
