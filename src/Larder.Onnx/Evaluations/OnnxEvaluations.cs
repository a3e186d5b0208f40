using Larder.Passes;

namespace Larder.Onnx.Evaluations;

/// <summary>The evaluations of ONNX models.</summary>
public static class OnnxEvaluations
{
    /// <summary>All of them: <c>onnx-accuracy</c> and <c>onnx-latency</c>.</summary>
    public static IReadOnlyList<IEvaluation> All { get; } =
    [new OnnxAccuracyEvaluation(), new OnnxLatencyEvaluation(TimeProvider.System)];
}
