namespace Larder.Graphs;

/// <inheritdoc cref="LeaseTicket"/>
internal sealed class LeaseTicket<T>(Slot<T> slot) : LeaseTicket
    where T : class
{
    public Slot<T> Slot => slot;

    public override Slot Place => slot;

    /// <summary>The ticket under this one in the stack of those that came back; under the cache's lock.</summary>
    public LeaseTicket<T>? Next { get; set; }

    public override bool TryTakeBack(long number)
    {
        if (!TryAdvance(number))
            return false;
        slot.Keep(this);
        return true;
    }
}
