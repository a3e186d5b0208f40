using System.Text.Json;

namespace Larder.Workers.Protocol;

/// <summary>What a line may have.</summary>
internal static class WireLimits
{
    /// <summary>Bytes of a line, its end not counted.</summary>
    public const int MaxLineBytes = 64 * 1024 * 1024;

    /// <summary>Faults that one answer may tell of; more say nothing more.</summary>
    public const int MaxFaults = 100;

    /// <summary>Inputs and outputs that a worker may describe.</summary>
    public const int MaxValues = 10_000;

    /// <summary>How documents are read. Two levels more than inputs may have, which stand in an object here.</summary>
    public static readonly JsonDocumentOptions Documents = new() { MaxDepth = 66 };
}
