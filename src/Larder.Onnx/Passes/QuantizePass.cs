using System.Runtime.InteropServices;
using Google.Protobuf;
using Larder.Content;
using Larder.Onnx.Format;
using Larder.Passes;

namespace Larder.Onnx.Passes;

/// <summary>Keeps large weights as whole numbers of 8 bits, from which the model makes numbers again when it runs.</summary>
internal sealed class QuantizePass : IPass
{
    // DequantizeLinear: the first version of it, and the first with an axis.
    private const int LeastOperatorSet = 10;
    private const int LeastOperatorSetPerChannel = 13;

    public string Name => "onnx-quantize";

    public int Version => 1;

    public string Summary => "Stores the weights of an ONNX model as int8, a quarter of their size.";

    public PassPlan Plan(StepRequest step)
    {
        var (options, config) = StepOptions.Read(step, PassOptionsJson.Default.QuantizeOptions, Validate);
        return PassWork.Plan(
            new StepFacts { Config = config },
            (run, cancellationToken) => Quantize(run, options, cancellationToken)
        );
    }

    private static IEnumerable<(string, string)> Validate(QuantizeOptions options)
    {
        if (options.MinElements < 1)
            yield return ("min_elements", $"{options.MinElements} is less than 1.");
        if (!options.PerChannel && options.Axis != QuantizeAxis.Operator)
            yield return ("axis", "Without channels there is none to choose: leave it out, or 'per_channel'.");
        foreach (
            var name in options.Operators.Where(name =>
                !QuantizableWeights.Operators.Contains(name, StringComparer.Ordinal)
            )
        )
            yield return (
                "operators",
                $"{Printable.Quote(name)} is none whose weights can be quantised; those are "
                    + $"{string.Join(", ", QuantizableWeights.Operators)}."
            );
    }

    private static void Quantize(PassRun run, QuantizeOptions options, CancellationToken cancellationToken)
    {
        var document = ModelDocument.Load(run, options.File);
        var least = options.PerChannel ? LeastOperatorSetPerChannel : LeastOperatorSet;
        if (document.OperatorSet() < least)
            throw document.Refuse(
                $"is written for operator set {document.OperatorSet()}; quantised weights need {least} or later. Export it anew"
                    + (
                        options.PerChannel && document.OperatorSet() >= LeastOperatorSet
                            ? ", or set 'per_channel' to false."
                            : "."
                    )
            );

        var names = new ValueNames(document.Model);
        var weights = QuantizableWeights.In(document.Model.Graph, options, out var unknown);
        foreach (var name in unknown)
            run.Log($"'exclude' names {Printable.Quote(name)}, and no weight or node of the model is called so.");
        var count = 0;
        using (var data = document.CreateDataFile())
        {
            foreach (var weight in weights)
            {
                if (!IsWorthIt(weight, options, run.Log))
                    continue;
                Replace(document, weight, options, names, data, cancellationToken);
                count++;
            }
            // What stays as it is, and lay in another file.
            document.MoveData(data, cancellationToken);
        }
        run.Log($"Quantised {count} of {weights.Count} weights.");
        document.Save(cancellationToken);
    }

    private static bool IsWorthIt(QuantizableWeights.Weight weight, QuantizeOptions options, Action<string> log)
    {
        var tensor = weight.Tensor;
        // In 128 bits: whether there are as many elements at all is found out when they are read.
        var elements = tensor.Dims.Aggregate((Int128)1, (product, size) => product * size);
        if (elements < options.MinElements || tensor.DataType is not (ElementSize.Float or ElementSize.Float16))
            return false;
        if (weight.Reason is not { } reason)
            return true;
        log($"Left {Printable.Quote(tensor.Name)} as it is: it {reason}.");
        return false;
    }

    private static void Replace(
        ModelDocument document,
        QuantizableWeights.Weight weight,
        QuantizeOptions options,
        ValueNames names,
        DataFile data,
        CancellationToken cancellationToken
    )
    {
        var tensor = weight.Tensor;
        var content = document.Content(tensor);
        var isHalf = tensor.DataType == ElementSize.Float16;
        var shape = tensor.Dims.ToArray();
        var chosen = QuantizedAxis.Choose(shape, weight.Axis!.Value, options, Singles);
        if (chosen is not { } quantized)
            throw document.Refuse(
                $"has infinite elements, or some that are no number, in the weight {Printable.Quote(tensor.Name)}. "
                    + "Exclude it by its name, or repair the model."
            );
        var (axis, int8) = (quantized.Axis, quantized.Int8);

        var name = tensor.Name;
        tensor.Name = names.Take($"{name}_quantized");
        tensor.DataType = ElementSize.Int8;
        ModelDocument.Replace(
            tensor,
            shape.Aggregate(1L, (product, size) => product * size),
            int8.Quantize(Singles()),
            data
        );

        var scale = new TensorProto { Name = names.Take($"{name}_scale"), DataType = ElementSize.Float };
        if (options.PerChannel)
            scale.Dims.Add(int8.Scales.Count);
        scale.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(int8.Scales.ToArray().AsSpan()));
        var initializers = weight.Graph.Initializer;
        initializers.Add(scale);
        Insert(weight.Graph, name, tensor.Name, scale.Name, options.PerChannel ? axis : null, isHalf, names);

        IEnumerable<ReadOnlyMemory<float>> Singles() => Numbers(content, isHalf, cancellationToken);
    }

    // At the beginning of the graph, and under the weight's name: whoever reads it stays as it is.
    private static void Insert(
        GraphProto graph,
        string name,
        string quantized,
        string scale,
        int? axis,
        bool isHalf,
        ValueNames names
    )
    {
        var made = isHalf ? names.Take($"{name}_float32") : name;
        var node = new NodeProto
        {
            OpType = "DequantizeLinear",
            Name = made,
            Input = { quantized, scale },
            Output = { made },
        };
        if (axis is { } ofChannels)
            Attributes.SetInteger(node, "axis", ofChannels);
        if (isHalf)
        {
            // Scales stay single: few of them, and those of small weights are too small for a half.
            var cast = new NodeProto
            {
                OpType = "Cast",
                Name = name,
                Input = { made },
                Output = { name },
            };
            Attributes.SetInteger(cast, "to", ElementSize.Float16);
            graph.Node.Insert(0, cast);
        }
        graph.Node.Insert(0, node);
    }

    private static IEnumerable<ReadOnlyMemory<float>> Numbers(
        TensorContent content,
        bool isHalf,
        CancellationToken cancellationToken
    )
    {
        foreach (var piece in content.Pieces(cancellationToken))
        {
            yield return isHalf
                ? Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(piece.Span).ToArray(), half => (float)half)
                : MemoryMarshal.Cast<byte, float>(piece.Span).ToArray();
        }
    }
}
