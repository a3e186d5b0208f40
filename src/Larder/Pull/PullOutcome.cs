namespace Larder.Pull;

/// <summary>How a pull was answered.</summary>
public enum PullOutcome
{
    /// <summary>From the store, without asking the origin.</summary>
    Hit,

    /// <summary>Files came from the origin.</summary>
    Miss,

    /// <summary>From the store; the origin was asked and has nothing newer.</summary>
    Revalidated,

    /// <summary>From the store although it is not fresh, because the origin is down.</summary>
    Stale,

    /// <summary>Files came from the team's shared store, and none from the origin.</summary>
    Shared,
}
