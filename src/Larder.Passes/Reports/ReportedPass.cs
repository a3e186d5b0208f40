using Larder.Passes.Running;

namespace Larder.Passes.Reports;

/// <summary>A pass in a report.</summary>
/// <param name="Name">What the workflow calls it.</param>
/// <param name="Type">The kind of pass.</param>
/// <param name="Outcome">How it came to its answer.</param>
public sealed record ReportedPass(string Name, string Type, StepOutcome Outcome)
{
    /// <summary>Its key; null where it is not shown.</summary>
    public string? Key { get; init; }

    /// <summary>Seconds that the run spent on it.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds of work on it that others had done before.</summary>
    public double SecondsSaved { get; init; }

    /// <summary>The bytes of the model that went in; null where they are not known.</summary>
    public long? BytesBefore { get; init; }

    /// <summary>The bytes of the model that came out; null where they are not known.</summary>
    public long? BytesAfter { get; init; }

    /// <summary>Bytes of its files that came over the network.</summary>
    public long BytesFetched { get; init; }
}
