using Larder.Transfer;

namespace Larder.Server.Dashboard.Work;

/// <summary>Something that somebody asked for on the page, as it was at one moment.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Verb">What is done: <c>warm</c>, <c>verify</c>, ….</param>
/// <param name="Target">With what, for people.</param>
/// <param name="Started">When it began.</param>
internal sealed record JobStatus(int Id, string Verb, string Target, DateTimeOffset Started)
{
    public JobState State { get; init; }

    /// <summary>What came of it, one sentence; empty while it runs.</summary>
    public string Message { get; init; } = "";

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>How far it is; null where it does not tell.</summary>
    public TransferProgress? Progress { get; init; }
}
