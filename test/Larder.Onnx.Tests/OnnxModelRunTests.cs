using System.Text;
using Larder.TestKit;
using ModelGenerator.Onnx;

namespace Larder.Onnx.Tests;

public sealed class OnnxModelRunTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Run_NamedInputs_GivesEveryOutputInTheModelsOrder()
    {
        using var model = Load(Models.SumAndProduct());

        var outputs = model.Run(Named.Inputs(("b", Named.Column(3)), ("a", Named.Column(2))));

        Assert.Equal(["sum", "product"], outputs.Keys, StringComparer.Ordinal);
        Assert.Equal([5f], Floats(outputs["sum"]));
        Assert.Equal([6f], Floats(outputs["product"]));
    }

    [Fact]
    public void Run_Batch_GivesABatch()
    {
        using var model = Load(Models.SumAndProduct());

        var outputs = model.Run(Named.Inputs(("a", Named.Column(1, 2, 3)), ("b", Named.Column(10, 20, 30))));

        Assert.Equal([11f, 22f, 33f], Floats(outputs["sum"]));
        Assert.Equal([3, 1], outputs["sum"].Shape);
    }

    [Fact]
    public void Run_OutputsByName_GivesThoseOnly()
    {
        using var model = Load(Models.SumAndProduct());
        var inputs = Named.Inputs(("a", Named.Column(2)), ("b", Named.Column(3)));

        Assert.Equal([6f], Floats(Assert.Single(model.Run(inputs, ["product"])).Value));
        Assert.Equal(["product", "sum"], model.Run(inputs, ["product", "sum"]).Keys, StringComparer.Ordinal);
        Assert.Throws<ArgumentException>(() => model.Run(inputs, ["difference"]));
        Assert.Throws<ArgumentException>(() => model.Run(inputs, ["sum", "sum"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Run(inputs, []));
    }

    [Fact]
    public void Run_PartOfALargerArray_ReadsThatPart()
    {
        using var model = Load(Models.Identity(OnnxType.Float));
        float[] all = [1, 2, 3, 4];

        var output = model.Run(Named.Inputs(("x", new Tensor<float>(all.AsMemory(1, 2), 2))))["y"];

        Assert.Equal([2f, 3f], Floats(output));
    }

    [Fact]
    public void Run_ModelWithoutInputs_Runs()
    {
        using var model = Load(
            new OnnxWriter("constant")
                .Output("y", OnnxType.Double)
                .Weight(OnnxTensor.Of("c", [], 42d))
                .Node(new OnnxNode("Identity", ["c"], ["y"]))
                .ToArray()
        );

        Assert.Equal([42d], ((Tensor<double>)model.Run(Named.Inputs())["y"]).Data.ToArray());
    }

    [Fact]
    public void Run_MoreValuesThanFitOnTheStack_Runs()
    {
        const int Inputs = 200;
        var names = Enumerable.Range(0, Inputs).Select(i => $"x{i}").ToArray();
        var writer = new OnnxWriter("wide").Output("y", OnnxType.Float, 1).Node(new OnnxNode("Sum", names, ["y"]));
        var inputs = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            writer.Input(name, OnnxType.Float, 1);
            inputs.Add(name, Named.Vector(1f));
        }
        using var model = Load(writer.ToArray());

        Assert.Equal([200f], Floats(model.Run(inputs)["y"]));
    }

    [Fact]
    public void Run_WrongInputs_TellsEveryFault()
    {
        using var model = Load(
            new OnnxWriter("four")
                .Input("rooms", OnnxType.Float, "batch", 1)
                .Input("area", OnnxType.Float, "batch", 1)
                .Input("year", OnnxType.Int64, "batch")
                .Input("garden", OnnxType.Bool, "batch")
                .Output("y", OnnxType.Float, "batch", 1)
                .Node(new OnnxNode("Add", ["rooms", "area"], ["y"]))
                .ToArray()
        );
        var inputs = Named.Inputs(
            ("rooms", new Tensor<float>(new float[4], 2, 2)),
            ("year", Named.Vector(1f)),
            ("garden", Named.Vector(true)),
            ("aera", Named.Column(1)),
            ("colour", Named.Column(1))
        );

        var failure = Assert.Throws<InvalidInputsException>(() => model.Run(inputs));

        Assert.Equal(
            [
                new InputFault("inputs.rooms", "The model needs float32[batch,1], and got float32[2,2]."),
                new InputFault("inputs.area", "The input is missing; the model needs float32[batch,1]."),
                new InputFault("inputs.year", "The model needs int64[batch], and got float32[1]."),
                new InputFault("inputs.aera", "The model has no such input; did you mean 'area'?"),
                new InputFault(
                    "inputs.colour",
                    "The model has no such input; it has 'rooms', 'area', 'year', 'garden'."
                ),
            ],
            failure.Faults
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_OperatorRefusesAValue_SaysWhyAndTheNextRunWorks(bool canBeCancelled)
    {
        using var cancellation = new CancellationTokenSource();
        var token = canBeCancelled ? cancellation.Token : CancellationToken.None;
        using var model = Load(
            new OnnxWriter("pick")
                .Input("index", OnnxType.Int64, 1)
                .Output("y", OnnxType.Float, 1)
                .Weight(OnnxTensor.Of("values", [2], 10f, 20f))
                .Node(new OnnxNode("Gather", ["values", "index"], ["y"]))
                .ToArray()
        );

        var failure = Assert.Throws<InvalidInputsException>(() =>
            model.Run(Named.Inputs(("index", Named.Vector(7L))), token)
        );

        var fault = Assert.Single(failure.Faults);
        Assert.Equal("inputs", fault.Path);
        Assert.StartsWith(
            "The model refuses them: indices element out of data bounds, idx=7 ",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(model.Path, failure.Message, StringComparison.Ordinal);
        var inner = Assert.IsType<OnnxException>(failure.InnerException);
        Assert.Equal(OnnxErrorCode.InvalidArgument, inner.Code);
        Assert.Contains("Gather", inner.Message, StringComparison.Ordinal);
        Assert.Contains(model.Path, inner.Message, StringComparison.Ordinal);
        Assert.Equal([20f], Floats(model.Run(Named.Inputs(("index", Named.Vector(1L))))["y"]));
    }

    [Fact]
    public void Run_OperatorFails_ThrowsItsTextAndTheNextRunWorks()
    {
        using var model = Load(
            new OnnxWriter("pairs")
                .Input("x", OnnxType.Float, "n")
                .Output("y", OnnxType.Float, "pairs", 2)
                .Weight(OnnxTensor.Of("shape", [2], -1L, 2L))
                .Node(new OnnxNode("Reshape", ["x", "shape"], ["y"]))
                .ToArray()
        );

        var failure = Assert.Throws<OnnxException>(() => model.Run(Named.Inputs(("x", Named.Vector(1f, 2f, 3f)))));

        Assert.NotEqual(OnnxErrorCode.InvalidArgument, failure.Code);
        Assert.Contains("Reshape", failure.Message, StringComparison.Ordinal);
        Assert.Contains(model.Path, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(failure.Message, char.IsControl);
        Assert.Equal([1f, 2f], Floats(model.Run(Named.Inputs(("x", Named.Vector(1f, 2f))))["y"]));
    }

    [Fact]
    public void Run_TextThatUtf8CannotExpress_IsRefused()
    {
        using var model = Load(Models.Identity(OnnxType.String));

        var failure = Assert.Throws<InvalidInputsException>(() =>
            model.Run(Named.Inputs(("x", Named.Vector("fine", "half \ud83c"))))
        );

        Assert.Equal("inputs.x[1]", Assert.Single(failure.Faults).Path);
    }

    [Fact]
    public void Run_OutputIsNotUtf8_Throws()
    {
        var bytes = new OnnxWriter("damaged-text")
            .Output("y", OnnxType.String, 1)
            .Weight(OnnxTensor.OfStrings("text", [1], "PLACEHOLDER"))
            .Node(new OnnxNode("Identity", ["text"], ["y"]))
            .ToArray();
        bytes[bytes.AsSpan().IndexOf("PLACEHOLDER"u8)] = 0xFF;
        using var model = Load(bytes);

        var failure = Assert.Throws<OnnxException>(() => model.Run(Named.Inputs()));

        Assert.Contains("Element 0 of the output 'y' is not valid UTF-8", failure.Message, StringComparison.Ordinal);
        Assert.IsType<DecoderFallbackException>(failure.InnerException);
    }

    [Fact]
    public void Run_OutputsOutliveTheModel()
    {
        Tensor output;
        using (var model = Load(Models.Identity(OnnxType.String)))
            output = model.Run(Named.Inputs(("x", Named.Vector("kept"))))["y"];

        Assert.Equal(["kept"], ((Tensor<string>)output).Data.ToArray());
    }

    [Fact]
    public void Run_Warm_AllocatesLittle()
    {
        // Two outputs with shape and data, the array and the dictionary that hold them, and the arrays of inputs and
        // pins.
        const int BudgetBytes = 700;
        const int Runs = 1000;
        using var model = Load(Models.SumAndProduct());
        var inputs = Named.Inputs(("a", Named.Column(2)), ("b", Named.Column(3)));
        model.Run(inputs);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Runs; i++)
            model.Run(inputs);

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Runs, 0, BudgetBytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_AnyNumberOfThreads_GivesTheSame(int threads)
    {
        File.WriteAllBytes(_directory["model.onnx"], Models.SumAndProduct());
        using var model = OnnxModel.Load(_directory["model.onnx"], new OnnxModelOptions { IntraOpThreads = threads });

        var output = model.Run(
            Named.Inputs(("a", Named.Column(new float[100_000])), ("b", Named.Column(new float[100_000])))
        );

        Assert.Equal(100_000, output["sum"].Length);
    }

    private static float[] Floats(Tensor tensor) => ((Tensor<float>)tensor).Data.ToArray();

    private OnnxModel Load(byte[] bytes)
    {
        File.WriteAllBytes(_directory["model.onnx"], bytes);
        return OnnxModel.Load(_directory["model.onnx"]);
    }
}
