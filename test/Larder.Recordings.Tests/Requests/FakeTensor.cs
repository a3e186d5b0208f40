using Larder.Content.Tensors;

namespace Larder.Recordings.Tests.Requests;

/// <summary>A tensor of no library.</summary>
internal sealed class FakeTensor(string elementType, long[] shape, byte[] bytes) : ITensorContent
{
    string ITensorContent.ElementType => elementType;

    IReadOnlyList<long> ITensorContent.Shape => shape;

    ReadOnlyMemory<byte> ITensorContent.Bytes => bytes;
}
