namespace Larder.Content.Tensors;

/// <summary>A tensor as it was read, before it becomes a tensor of somebody.</summary>
internal sealed record TensorValue(string ElementType, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Bytes)
    : ITensorContent;
