namespace Larder.Server.Tests.Fuzzing;

/// <summary>How a request tells where its body ends.</summary>
internal enum Framing
{
    /// <summary>It has none.</summary>
    None,

    /// <summary>By its length.</summary>
    Length,

    /// <summary>In chunks.</summary>
    Chunks,

    /// <summary>By a length that never comes: the caller leaves.</summary>
    CutOff,

    /// <summary>In chunks whose sizes are no numbers.</summary>
    BrokenChunks,
}
