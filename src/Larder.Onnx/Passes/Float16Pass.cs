using Larder.Content;
using Larder.Passes;

namespace Larder.Onnx.Passes;

/// <summary>Makes float16 of a model's float32: its weights, and all that is computed with them.</summary>
internal sealed class Float16Pass : IPass
{
    private static readonly string[] ControlFlow = ["If", "Loop", "Scan"];

    public string Name => "onnx-float16";

    public int Version => 1;

    public string Summary => "Converts the weights and the graph of an ONNX model to float16, half of its size.";

    public PassPlan Plan(StepRequest step)
    {
        var (options, config) = StepOptions.Read(step, PassOptionsJson.Default.Float16Options, Validate);
        return PassWork.Plan(
            new StepFacts { Config = config },
            (run, cancellationToken) => Convert(run, options, cancellationToken)
        );
    }

    private static IEnumerable<(string, string)> Validate(Float16Options options)
    {
        foreach (var name in options.KeepOps.Intersect(ControlFlow, StringComparer.Ordinal))
            yield return (
                "keep_ops",
                $"{Printable.Quote(name)} has graphs within it: name the operators in them instead."
            );
        if (options.KeepOps.Contains("", StringComparer.Ordinal))
            yield return ("keep_ops", "An operator has no name: write it, such as 'Softmax'.");
    }

    private static void Convert(PassRun run, Float16Options options, CancellationToken cancellationToken)
    {
        var document = ModelDocument.Load(run, options.File);
        if (document.Model.Functions.Count > 0)
            throw document.Refuse(
                "defines operators of its own as functions; run 'onnx-optimize' before, which writes them out."
            );
        var converter = new HalfConverter(options.Overflow);
        using (var data = document.CreateDataFile())
        {
            var conversion = new HalfConversion(
                document,
                new HalfRules(document.OperatorSet(), options.KeepOps.ToHashSet(StringComparer.Ordinal)),
                new ValueNames(document.Model),
                converter,
                data,
                cancellationToken
            );
            HalfGraph.Of(document.Model.Graph, conversion, options.KeepIoTypes).Rewrite();
            document.MoveData(data, cancellationToken);
        }
        if (converter.TooLarge > 0)
            run.Log(
                $"{converter.TooLarge} weights were too large for float16 and became "
                    + (options.Overflow == Float16Overflow.Clamp ? "±65504." : "infinite.")
            );
        if (converter.TooSmall > 0)
            run.Log($"{converter.TooSmall} weights were too small for float16 and became zero.");
        document.Save(cancellationToken);
    }
}
