namespace Larder.Passes.Reports;

/// <summary>What a run of a workflow did, as <see cref="HtmlReport"/> shows it to people.</summary>
public sealed record WorkflowReport
{
    /// <summary>What the workflow is called, such as its file's name.</summary>
    public required string Workflow { get; init; }

    /// <summary>The reference of the model that it began with, without secrets.</summary>
    public required string Input { get; init; }

    /// <summary>The version of that model; null where it is not known.</summary>
    public string? InputDigest { get; init; }

    /// <summary>The bytes of that model; null where they are not known.</summary>
    public long? InputBytes { get; init; }

    /// <summary>The passes in their order.</summary>
    public IReadOnlyList<ReportedPass> Passes { get; init; } = [];

    /// <summary>The evaluations in their order.</summary>
    public IReadOnlyList<ReportedEvaluation> Evaluations { get; init; } = [];

    /// <summary>The version of the final model; null where there is none.</summary>
    public string? OutputDigest { get; init; }

    /// <summary>The bytes of the final model; null where they are not known.</summary>
    public long? OutputBytes { get; init; }

    /// <summary>The directory that it was laid out in; null where there is none.</summary>
    public string? OutputPath { get; init; }

    /// <summary>Seconds that the run took.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds of work that others had done before.</summary>
    public double SecondsSaved { get; init; }

    /// <summary>Bytes that came over the network.</summary>
    public long BytesFetched { get; init; }

    /// <summary>Bytes that were sent to the shared store.</summary>
    public long BytesPublished { get; init; }

    /// <summary>What did not go as it should; sentences for people.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>When the run ended.</summary>
    public required DateTimeOffset Ended { get; init; }
}
