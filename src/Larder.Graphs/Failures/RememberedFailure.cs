namespace Larder.Graphs.Failures;

/// <summary>A load that failed and is not to be tried again for a while.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Failure">What the load threw.</param>
/// <param name="Message">What that said; read once, since it is code of others.</param>
/// <param name="At">When.</param>
/// <param name="Until">Until when it is not tried.</param>
/// <param name="InARow">How many loads have failed, one after the other.</param>
/// <param name="Disposals">How many graphs had been disposed by then: one more may have made the memory that was missing.</param>
internal sealed record RememberedFailure(
    GraphFailureKind Kind,
    Exception Failure,
    string Message,
    DateTimeOffset At,
    DateTimeOffset Until,
    int InARow,
    long Disposals
)
{
    public bool IsOver(DateTimeOffset now, long disposals) =>
        now >= Until || (Kind is GraphFailureKind.OutOfMemory && disposals != Disposals);
}
