namespace Larder.Onnx.Evaluations;

/// <summary>The names of the figures of <see cref="OnnxAccuracyEvaluation"/>.</summary>
internal static class AccuracyFigures
{
    /// <summary>The largest difference of two numbers.</summary>
    public const string MaxError = "max_abs_error";

    /// <summary>The mean of all differences.</summary>
    public const string MeanError = "mean_abs_error";

    /// <summary>Places where one number is NaN or infinite and the other is not the same.</summary>
    public const string NonFinite = "nonfinite_mismatches";

    /// <summary>Of each output, all samples taken as one vector; the lowest of the outputs.</summary>
    public const string Cosine = "cosine_similarity";

    /// <summary>The share of score vectors with the highest score at the same place.</summary>
    public const string Top1 = "top1_agreement";

    /// <summary>The share of texts and booleans that are the same.</summary>
    public const string Equal = "exact_agreement";

    /// <summary>How many samples were compared.</summary>
    public const string Samples = "samples";
}
