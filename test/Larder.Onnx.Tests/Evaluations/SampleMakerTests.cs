using Larder.Onnx.Evaluations;
using Larder.Passes;

namespace Larder.Onnx.Tests.Evaluations;

public sealed class SampleMakerTests
{
    private static readonly Dimension Batch = new(null, "batch");

    [Fact]
    public void Make_SameSeed_IsTheSameForEver()
    {
        var values = Floats(Make(Spec("x", TensorElementType.Float32, new Dimension(3))));

        // What is written here stands in keys of evaluations: another sequence needs another version of them.
        Assert.Equal([-0.30964279f, 0.99159068f, 0.2608608f], values);
    }

    [Fact]
    public void Make_OtherSeedSampleOrName_IsAnother()
    {
        var spec = Spec("x", TensorElementType.Float32, new Dimension(4));
        float[][] all =
        [
            Floats(Make(spec)),
            Floats(Make(spec, seed: 1)),
            Floats(Make(spec, sample: 1)),
            Floats(Make(spec with { Name = "y" })),
        ];

        Assert.Equal(4, all.Select(values => string.Join(' ', values)).Distinct(StringComparer.Ordinal).Count());
        Assert.All(all.SelectMany(values => values), value => Assert.InRange(value, -1, 1));
    }

    [Fact]
    public void Make_OtherWidth_IsTheSameNumbersRounded()
    {
        var wide = (Tensor<double>)Make(Spec("x", TensorElementType.Float64, new Dimension(8)));
        var narrow = (Tensor<Half>)Make(Spec("x", TensorElementType.Float16, new Dimension(8)));

        Assert.Equal(wide.Data.ToArray().Select(value => (Half)value), narrow.Data.ToArray());
    }

    [Fact]
    public void Make_EveryType_IsMade()
    {
        foreach (var type in Enum.GetValues<TensorElementType>())
        {
            var tensor = Make(Spec("x", type, new Dimension(2), Batch));

            Assert.Equal(type, tensor.ElementType);
            Assert.Equal([2L, 1], tensor.Shape);
        }
    }

    [Fact]
    public void Make_Integers_AreZeroAndOne()
    {
        var values = ((Tensor<long>)Make(Spec("ids", TensorElementType.Int64, new Dimension(200)))).Data.ToArray();

        Assert.Equal([0L, 1], values.Distinct().Order());
    }

    [Fact]
    public void Make_FreeDimensions_HaveTheSizesGiven()
    {
        var spec = Spec(
            "x",
            TensorElementType.Float32,
            Batch,
            new Dimension(null),
            new Dimension(null),
            new Dimension(5)
        );

        var tensor = Make(spec, dimensions: new(StringComparer.Ordinal) { ["batch"] = 3, ["x[2]"] = 7 });

        Assert.Equal([3L, 1, 7, 5], tensor.Shape);
    }

    [Fact]
    public void Make_UnknownDimension_NamesThoseThatAreThere()
    {
        var wrong = Fail(Spec("x", TensorElementType.Float32, Batch), ("bacth", 2));

        Assert.Equal("'dimensions' names 'bacth', and the model's free dimensions are batch, x[0].", wrong.Message);
    }

    [Fact]
    public void Make_NothingIsFree_SaysToLeaveItOut()
    {
        var wrong = Fail(Spec("x", TensorElementType.Float32, new Dimension(2)), ("batch", 2));

        Assert.EndsWith(
            "all dimensions of the model's inputs are fixed: leave it out.",
            wrong.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Make_TooLarge_IsRefusedBeforeMemoryIsAskedFor()
    {
        var wrong = Fail(Spec("x", TensorElementType.Float32, Batch, Batch, Batch), ("batch", int.MaxValue));

        Assert.Contains(
            "would have 9903520300447984150353281023 elements, and 268435456 are the most",
            wrong.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Make_NoShape_AsksForAFile()
    {
        var wrong = Fail(Spec("x", TensorElementType.Float32) with { HasShape = false });

        Assert.Contains("give 'inputs', a file of samples", wrong.Message, StringComparison.Ordinal);
    }

    private static TensorSpec Spec(string name, TensorElementType type, params Dimension[] shape) =>
        new(name, type, shape);

    private static Tensor Make(
        TensorSpec spec,
        int seed = 0,
        int sample = 0,
        Dictionary<string, int>? dimensions = null
    ) => new SampleMaker(dimensions ?? new(StringComparer.Ordinal), seed).Make([spec], sample)[spec.Name];

    private static float[] Floats(Tensor tensor) => ((Tensor<float>)tensor).Data.ToArray();

    private static PassException Fail(TensorSpec spec, params IEnumerable<(string Name, int Size)> dimensions) =>
        Assert.Throws<PassException>(() =>
            Make(
                spec,
                dimensions: dimensions.ToDictionary(pair => pair.Name, pair => pair.Size, StringComparer.Ordinal)
            )
        );
}
