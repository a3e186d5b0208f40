using Larder.Onnx.Evaluations;
using Larder.Passes;

namespace Larder.Onnx.Tests.Evaluations;

public sealed class OutputComparisonTests
{
    private static readonly Dimension Batch = new(null, "batch");

    [Fact]
    public void Add_Numbers_MeasuresOverAllSamples()
    {
        var comparison = Compare([1, 2], [1, 2.5f]);
        comparison.Add("second", Named.Vector(4f), Named.Vector(3f));

        Assert.Equal(3, comparison.Numbers);
        Assert.Equal(1, comparison.MaxError);
        Assert.Equal(0.5, comparison.MeanError, 12);
        // (1·1 + 2·2.5 + 4·3) / (√21 · √16.25)
        Assert.Equal(18 / Math.Sqrt(21 * 16.25), comparison.Cosine!.Value, 12);
    }

    [Fact]
    public void Add_NaNOnOneSide_IsAMismatchAndNoError()
    {
        var comparison = Compare([1, float.NaN, 3, float.PositiveInfinity], [1, 2, float.NaN, float.NegativeInfinity]);

        Assert.Equal(3, comparison.NonFiniteMismatches);
        Assert.Equal(0, comparison.MaxError);
        Assert.Equal(1, comparison.Numbers);
        Assert.Equal(1, comparison.Cosine);
    }

    [Fact]
    public void Add_NaNAndInfinityOnBothSides_AreTheSame()
    {
        var comparison = Compare([float.NaN, float.NegativeInfinity], [float.NaN, float.NegativeInfinity]);

        Assert.Equal(0, comparison.NonFiniteMismatches);
        Assert.Equal(0, comparison.Numbers);
        Assert.Null(comparison.Cosine);
    }

    [Fact]
    public void Add_FarthestDoubles_StayNumbers()
    {
        var comparison = new OutputComparison(Spec(TensorElementType.Float64), isScores: null);
        comparison.Add(
            "a",
            Named.Vector(double.MaxValue, double.MaxValue),
            Named.Vector(-double.MaxValue, double.MaxValue)
        );

        Assert.Equal(double.MaxValue, comparison.MaxError);
        Assert.True(double.IsFinite(comparison.MeanError));
        Assert.Null(comparison.Cosine);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(0, 2, 0)]
    [InlineData(2, -3, -1)]
    public void Cosine_OfVectorsWithoutAnAngle_IsStillANumber(float expected, float actual, double cosine) =>
        Assert.Equal(cosine, Compare([expected], [actual]).Cosine);

    [Fact]
    public void Add_HalvesForFloats_AreCompared()
    {
        var comparison = new OutputComparison(Spec(TensorElementType.Float16), isScores: null);
        comparison.Add("a", Named.Vector(0.1f), Named.Vector((Half)0.1f));

        Assert.InRange(comparison.MaxError, 1e-6, 1e-4);
    }

    [Fact]
    public void Add_ScoresOfABatch_CountsRowsWithTheSameHighest()
    {
        var comparison = new OutputComparison(Spec(TensorElementType.Float32, Batch, new Dimension(3)), isScores: null);
        comparison.Add("a", Scores(1, 2, 3, 9, 5, 5), Scores(0, 1, 9, 5, 5, 4));
        comparison.Add("b", Scores(float.NaN, 1, 2, 1, 1, 0), Scores(5, float.NaN, 1, 1, 1, float.NaN));

        Assert.Equal(4, comparison.Rows);
        Assert.Equal(3, comparison.RowsAgreed);

        static Tensor<float> Scores(params float[] values) => new(values, 2, 3);
    }

    [Fact]
    public void Add_OneFreeDimensionOrIntegers_AreNoScores()
    {
        var batch = new OutputComparison(Spec(TensorElementType.Float32, Batch), isScores: null);
        batch.Add("a", Named.Vector(1f, 2), Named.Vector(2f, 1));
        var labels = new OutputComparison(Spec(TensorElementType.Int64, new Dimension(2)), isScores: null);
        labels.Add("a", Named.Vector(1L, 2), Named.Vector(2L, 1));

        Assert.Equal(0, batch.Rows);
        Assert.Equal(0, labels.Rows);
        Assert.Equal(1, labels.MaxError);
    }

    [Fact]
    public void Add_NamedAsScores_AreOfAnyRank()
    {
        var comparison = new OutputComparison(Spec(TensorElementType.Float32, Batch, Batch, Batch), isScores: true);
        comparison.Add(
            "a",
            new Tensor<float>(new float[] { 1, 2, 4, 3 }, 1, 2, 2),
            new Tensor<float>(new float[] { 1, 2, 3, 4 }, 1, 2, 2)
        );

        Assert.Equal(2, comparison.Rows);
        Assert.Equal(1, comparison.RowsAgreed);
    }

    [Fact]
    public void Add_TextsAndBooleans_CountsTheSame()
    {
        var texts = new OutputComparison(Spec(TensorElementType.String, Batch), isScores: null);
        texts.Add("a", Named.Vector("good", "bad"), Named.Vector("good", "Bad"));
        var flags = new OutputComparison(Spec(TensorElementType.Bool, Batch), isScores: null);
        flags.Add("a", Named.Vector(true, false), Named.Vector(true, false));

        Assert.Equal((2, 1), (texts.Others, texts.OthersEqual));
        Assert.Equal((2, 2), (flags.Others, flags.OthersEqual));
    }

    [Fact]
    public void Add_OtherShapeOrKind_SaysBoth()
    {
        var comparison = new OutputComparison(Spec(TensorElementType.Float32, Batch), isScores: null);

        var shape = Assert.Throws<PassException>(() => comparison.Add("a.json", Named.Vector(1f), Named.Vector(1f, 2)));
        Assert.Equal(
            "a.json: the output 'y' is float32[2], and float32[1] was expected: they cannot be compared.",
            shape.Message
        );
        Assert.Throws<PassException>(() => comparison.Add("a.json", Named.Vector("1"), Named.Vector(1f)));
    }

    private static OutputComparison Compare(float[] expected, float[] actual)
    {
        var comparison = new OutputComparison(Spec(TensorElementType.Float32, Batch), isScores: null);
        comparison.Add("first", Named.Vector(expected), Named.Vector(actual));
        return comparison;
    }

    private static TensorSpec Spec(TensorElementType type, params Dimension[] shape) => new("y", type, shape);
}
