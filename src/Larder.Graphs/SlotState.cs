namespace Larder.Graphs;

/// <summary>Where a slot is on its way; the README of this folder draws it.</summary>
internal enum SlotState
{
    /// <summary>In the table, its holders wait for the load; counts, as do all that follow until <see cref="Gone"/>.</summary>
    Loading,

    /// <summary>In the table, its holders are leases, callers on their way to one, and graphs that it is a part of.</summary>
    Loaded,

    /// <summary>Out of the table, nobody waits for the load any more, but it has not ended yet.</summary>
    Abandoned,

    /// <summary>Out of the table, the graph is being disposed.</summary>
    Draining,

    /// <summary>Out of the table, the disposal did not end in time; it still may.</summary>
    Lost,

    /// <summary>Out of the table, counts no longer: the load failed, or the disposal has ended.</summary>
    Gone,
}
