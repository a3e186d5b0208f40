using System.Globalization;

namespace Larder.Sharing.Administration;

/// <summary>What is to be removed from a shared store.</summary>
public sealed record SharedPruneOptions
{
    /// <summary>Entries that were published longer ago than this go; null for whatever their age.</summary>
    public TimeSpan? OlderThan { get; init; }

    /// <summary>The oldest entries go until what the others reach has so many bytes at most; null for no limit.</summary>
    public long? ToBytes { get; init; }

    /// <summary>Only entries of this namespace go, signed ones too; null for those of all.</summary>
    public string? Namespace { get; init; }

    /// <summary>Whether it is only told what would go; false.</summary>
    public bool DryRun { get; init; }

    /// <summary>How long what no entry reaches is left, for it may be of a publication that is under way; 1 hour.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromHours(1);

    internal void Validate()
    {
        var faults = new List<string>();
        if (OlderThan < TimeSpan.Zero)
            faults.Add($"OlderThan: {OlderThan} is below 0.");
        if (ToBytes < 0)
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"ToBytes: {ToBytes} is below 0."));
        if (GracePeriod < TimeSpan.Zero)
            faults.Add($"GracePeriod: {GracePeriod} is below 0.");
        // The namespace of a list of all would be a prefix of others.
        if (Namespace?.Length == 0)
            faults.Add("Namespace: it is empty; leave it out for all of them.");
        if (faults.Count > 0)
            throw new ArgumentException($"The shared store cannot be pruned so: {string.Join(" ", faults)}");
    }
}
