namespace Larder.Recordings.AI.Tests;

/// <summary>What a client of somebody else throws.</summary>
public sealed class ModelOverloadedException(string message) : Exception(message);
