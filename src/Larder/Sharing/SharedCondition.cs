namespace Larder.Sharing;

/// <summary>What must be so for a write to be done.</summary>
public readonly record struct SharedCondition
{
    /// <summary>There is no object of that name.</summary>
    public static SharedCondition Absent => default;

    /// <summary>The tag that the object must still have; null when there must be none.</summary>
    public string? Tag { get; private init; }

    /// <summary>The object is still the one that was seen.</summary>
    public static SharedCondition Unchanged(SharedObject seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        return new SharedCondition { Tag = seen.Tag };
    }
}
