namespace Larder.Graphs.Budgets;

/// <summary>Why a graph's memory counts.</summary>
internal enum Phase
{
    /// <summary>It is being loaded, and may take as much.</summary>
    Reserved,

    /// <summary>It is loaded.</summary>
    Used,

    /// <summary>It is being disposed.</summary>
    Draining,

    /// <summary>Its disposal did not end in time, and may never.</summary>
    Lost,
}
