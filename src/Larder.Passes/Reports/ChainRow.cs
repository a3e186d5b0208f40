using Larder.Passes.Running;

namespace Larder.Passes.Reports;

/// <summary>A row of the picture: the input model, a pass or an evaluation.</summary>
/// <param name="Name">What is written large.</param>
/// <param name="Note">What is written small below.</param>
/// <param name="Outcome">How it came to its answer; null for the input.</param>
internal sealed record ChainRow(string Name, string Note, StepOutcome? Outcome)
{
    public bool IsEvaluation { get; init; }

    public long? Bytes { get; init; }

    /// <summary>The model before, which a change of size is told against.</summary>
    public long? BytesBefore { get; init; }

    public double Seconds { get; init; }

    public double SecondsSaved { get; init; }

    /// <summary>The rows of a report in their order.</summary>
    public static IReadOnlyList<ChainRow> Of(WorkflowReport report) =>
        [
            new ChainRow("input", report.Input, null) { Bytes = report.InputBytes },
            .. report.Passes.Select(pass => new ChainRow(
                pass.Name,
                $"{pass.Type} · {Wording.Outcome(pass.Outcome)}",
                pass.Outcome
            )
            {
                Bytes = pass.BytesAfter,
                BytesBefore = pass.BytesBefore,
                Seconds = pass.Seconds,
                SecondsSaved = pass.SecondsSaved,
            }),
            .. report.Evaluations.Select(evaluation => new ChainRow(
                evaluation.Name,
                $"{evaluation.Type} · {Wording.Outcome(evaluation.Outcome)}",
                evaluation.Outcome
            )
            {
                IsEvaluation = true,
                Seconds = evaluation.Seconds,
                SecondsSaved = evaluation.SecondsSaved,
            }),
        ];
}
