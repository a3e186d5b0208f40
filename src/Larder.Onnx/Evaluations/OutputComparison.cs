namespace Larder.Onnx.Evaluations;

/// <summary>Compares one output over all samples.</summary>
internal sealed class OutputComparison
{
    private readonly TensorSpec _spec;
    private readonly bool? _isScores;

    // Of the places where both numbers are finite.
    private double _dot;
    private double _expectedSquares;
    private double _actualSquares;

    /// <summary>Makes a comparison without samples.</summary>
    /// <param name="spec">The output.</param>
    /// <param name="isScores">Whether its last dimension holds a score for each class; null to tell by type and shape.</param>
    public OutputComparison(TensorSpec spec, bool? isScores)
    {
        _spec = spec;
        _isScores = isScores;
    }

    /// <summary>Places where both numbers are finite.</summary>
    public long Numbers { get; private set; }

    /// <summary>Places where one number is NaN or infinite and the other is not the same.</summary>
    public long NonFiniteMismatches { get; private set; }

    public double MaxError { get; private set; }

    public double MeanError { get; private set; }

    /// <summary>Score vectors, and those of them with the highest score at the same place.</summary>
    public long Rows { get; private set; }

    public long RowsAgreed { get; private set; }

    /// <summary>Texts and booleans, and those of them that are the same.</summary>
    public long Others { get; private set; }

    public long OthersEqual { get; private set; }

    /// <summary>The cosine of the angle between all that was expected and all that came; null where there is no angle.</summary>
    public double? Cosine
    {
        get
        {
            if (Numbers == 0 || !double.IsFinite(_dot + _expectedSquares + _actualSquares))
                return null;
            if (_expectedSquares == 0 || _actualSquares == 0)
                return _expectedSquares == _actualSquares ? 1 : 0;
            // One root of each: their product would be too large for a number before they are.
            return Math.Clamp(_dot / Math.Sqrt(_expectedSquares) / Math.Sqrt(_actualSquares), -1, 1);
        }
    }

    /// <summary>Compares what came with what was expected.</summary>
    /// <exception cref="Passes.PassException">They are not of one shape, or not both numbers, texts or booleans.</exception>
    public void Add(string source, Tensor expected, Tensor actual)
    {
        if (!expected.Dimensions.SequenceEqual(actual.Dimensions))
            throw NotComparable(source, expected, actual);
        if (TensorNumbers.Of(expected) is { } wanted && TensorNumbers.Of(actual) is { } got)
        {
            AddNumbers(wanted, got);
            if (_isScores ?? LooksLikeScores(actual))
                AddRows(wanted, got, actual.Dimensions is [.., var classes] ? (int)classes : 1);
            return;
        }
        switch (expected, actual)
        {
            case (Tensor<string> texts, Tensor<string> others):
                AddOthers<string>(texts.Span, others.Span);
                break;
            case (Tensor<bool> flags, Tensor<bool> others):
                AddOthers<bool>(flags.Span, others.Span);
                break;
            default:
                throw NotComparable(source, expected, actual);
        }
    }

    private void AddNumbers(double[] expected, double[] actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            var (wanted, got) = (expected[i], actual[i]);
            if (!double.IsFinite(wanted) || !double.IsFinite(got))
            {
                // The same NaN or infinity is what was asked for; it is in no mean, which it would make NaN.
                if (!wanted.Equals(got))
                    NonFiniteMismatches++;
                continue;
            }
            // Two finite doubles may be farther apart than any.
            var error = Math.Min(Math.Abs(wanted - got), double.MaxValue);
            MaxError = Math.Max(MaxError, error);
            Numbers++;
            MeanError += (error - MeanError) / Numbers;
            _dot += wanted * got;
            _expectedSquares += wanted * wanted;
            _actualSquares += got * got;
        }
    }

    private void AddRows(double[] expected, double[] actual, int classes)
    {
        for (var start = 0; classes > 0 && start < expected.Length; start += classes)
        {
            Rows++;
            if (Highest(expected.AsSpan(start, classes)) == Highest(actual.AsSpan(start, classes)))
                RowsAgreed++;
        }
    }

    private void AddOthers<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual)
        where T : IEquatable<T>
    {
        for (var i = 0; i < expected.Length; i++)
            OthersEqual += expected[i].Equals(actual[i]) ? 1 : 0;
        Others += expected.Length;
    }

    // [classes] or [batch, classes] of floats. A single free dimension counts samples, and integers are no scores.
    private bool LooksLikeScores(Tensor tensor) =>
        tensor.ElementType is TensorElementType.Float32 or TensorElementType.Float64 or TensorElementType.Float16
        && tensor.Dimensions switch
        {
            [var classes] => classes > 1 && _spec.HasShape && _spec.Shape is [{ IsFree: false }],
            [_, var classes] => classes > 1,
            _ => false,
        };

    // The first of equals; NaN is no score, and -1 stands for a vector without any.
    private static int Highest(ReadOnlySpan<double> scores)
    {
        var highest = -1;
        for (var i = 0; i < scores.Length; i++)
        {
            if (!double.IsNaN(scores[i]) && (highest < 0 || scores[i] > scores[highest]))
                highest = i;
        }
        return highest;
    }

    private Passes.PassException NotComparable(string source, Tensor expected, Tensor actual) =>
        Measurement.Permanent(
            $"{source}: the output '{_spec.Name}' is {actual}, and {expected} was expected: they cannot be compared."
        );
}
