using ModelGenerator.Onnx;

namespace ModelGenerator.RandomModels;

/// <summary>A model with weights of random bytes: as large as wanted, cheap to run, its answer known from the seed.</summary>
/// <remarks>
/// It reads one byte of each weight and answers with their sum: for the input <c>position</c> (int64, [batch, 1]) the
/// output <c>answer</c> (int64, [batch, 1]) is the sum over all weights w of <c>w[position mod length of w]</c>.
/// A weight is a tensor of bytes, as any byte is a valid one and any length possible.
/// </remarks>
public sealed class RandomModel
{
    /// <summary>The largest single weight, in bytes, that is put inside <c>model.onnx</c>; protobuf ends at 2 GiB.</summary>
    public const long LargestEmbeddedBytes = 1_900L << 20;

    private readonly RandomBytes[] _weights;

    /// <summary>Describes a model; nothing is written yet.</summary>
    /// <param name="seed">Equal seeds and lengths give equal bytes.</param>
    /// <param name="lengthsBytes">The length of each weight, in bytes.</param>
    public RandomModel(ulong seed, params IReadOnlyList<long> lengthsBytes)
    {
        if (lengthsBytes.Count == 0 || lengthsBytes.Any(length => length < 1))
            throw new ArgumentException(
                "A model has at least one weight, each of at least one byte.",
                nameof(lengthsBytes)
            );
        var seeds = new SplitMix64(seed);
        _weights = [.. lengthsBytes.Select((length, i) => new RandomBytes(seeds.At((ulong)i), length))];
    }

    private bool IsEmbedded => _weights is [{ Length: <= LargestEmbeddedBytes }];

    /// <summary>What the model answers for a position.</summary>
    public long Answer(long position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return _weights.Sum(weight => (long)weight[position % weight.Length]);
    }

    /// <summary>
    /// Writes <c>model.onnx</c>, with a single weight inside it if that fits, and else each weight to a file of its
    /// own, <c>weights-00001.bin</c> and on. The memory used does not grow with the model.
    /// </summary>
    /// <exception cref="IOException">A file of that name is there already, or the disk is full.</exception>
    public void Write(string directory)
    {
        Directory.CreateDirectory(directory);
        for (var i = 0; i < _weights.Length && !IsEmbedded; i++)
            WriteFile(Path.Combine(directory, FileName(i)), _weights[i].WriteTo);
        // Last: where it is, the weights are whole.
        WriteFile(Path.Combine(directory, "model.onnx"), Model().WriteTo);
    }

    private static string FileName(int weight) => $"weights-{weight + 1:D5}.bin";

    private static void WriteFile(string path, Action<Stream> write)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        write(file);
    }

    private OnnxWriter Model()
    {
        var model = new OnnxWriter("random")
            .Metadata("answer_at_position_0", $"{Answer(0)}")
            .Input("position", OnnxType.Int64, "batch", 1)
            .Output("answer", OnnxType.Int64, "batch", 1)
            .Weight(OnnxTensor.Of("weights_axis", [1], 1L));
        for (var i = 0; i < _weights.Length; i++)
            AddWeight(model, i);
        return model
            .Node(
                new OnnxNode("Concat", [.. _weights.Select((_, i) => $"byte_{i}")], ["bytes"])
                {
                    Attributes = [OnnxAttribute.Int("axis", 1)],
                }
            )
            .Node(
                new OnnxNode("Cast", ["bytes"], ["numbers"])
                {
                    Attributes = [OnnxAttribute.Int("to", (long)OnnxType.Int64)],
                }
            )
            .Node(new OnnxNode("ReduceSum", ["numbers", "weights_axis"], ["answer"]));
    }

    private void AddWeight(OnnxWriter model, int index)
    {
        var name = $"weight_{index}";
        var weight = _weights[index];
        model
            .Weight(
                IsEmbedded
                    ? OnnxTensor.Streamed(name, OnnxType.UInt8, [weight.Length], weight.Length, weight.WriteTo)
                    : OnnxTensor.External(name, OnnxType.UInt8, [weight.Length], FileName(index), 0, weight.Length)
            )
            .Weight(OnnxTensor.Of($"length_{index}", [], weight.Length))
            .Node(new OnnxNode("Mod", ["position", $"length_{index}"], [$"place_{index}"]))
            .Node(new OnnxNode("Gather", [name, $"place_{index}"], [$"byte_{index}"]));
    }
}
