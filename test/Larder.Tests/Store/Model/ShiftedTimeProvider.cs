namespace Larder.Tests.Store.Model;

/// <summary>The system's clock, ahead by so much; timers and time stamps are the system's.</summary>
/// <remarks>Files get their times from the real clock, which must not be ahead of the one that a store is told.</remarks>
internal sealed class ShiftedTimeProvider : TimeProvider
{
    public TimeSpan Shift { get; set; } = TimeSpan.FromDays(1);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
}
