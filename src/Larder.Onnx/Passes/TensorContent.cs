using System.Runtime.InteropServices;
using Google.Protobuf;
using Larder.Content;
using Larder.Onnx.Format;
using Larder.Passes;

namespace Larder.Onnx.Passes;

/// <summary>The elements of a tensor, little-endian and in order, wherever the file has them.</summary>
/// <remarks>What lies in another file is read piece by piece, as often as it is asked for.</remarks>
internal sealed class TensorContent
{
    // A multiple of every element's size: no element is cut in two.
    private const int PieceBytes = 1 << 18;

    private readonly ReadOnlyMemory<byte> _memory;
    private readonly ExternalRange? _range;

    private TensorContent(ReadOnlyMemory<byte> memory) => (_memory, SizeBytes) = (memory, memory.Length);

    private TensorContent(ExternalRange range) => (_range, SizeBytes) = (range, range.Length);

    /// <summary>The bytes of all elements.</summary>
    public long SizeBytes { get; }

    /// <summary>Finds the elements of a tensor of numbers.</summary>
    /// <exception cref="PassException">They are not there, or not as many as its dimensions want.</exception>
    public static TensorContent Of(PassRun run, string modelFile, TensorProto tensor)
    {
        if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
            return new TensorContent(ExternalRange.Of(run, modelFile, tensor));
        var content = new TensorContent(tensor.HasRawData ? tensor.RawData.Memory : Listed(tensor));
        var wanted = ElementSize.Of(tensor.DataType, tensor.Dims);
        return content.SizeBytes == wanted
            ? content
            : throw new PassException(
                PassFailure.Permanent,
                $"The tensor {Printable.Quote(tensor.Name)} of '{modelFile}' has {content.SizeBytes} bytes of data, but its "
                    + $"dimensions [{string.Join(", ", tensor.Dims)}] and its type (number {tensor.DataType}) "
                    + (wanted is null ? "make no sense." : $"want {wanted}.")
                    + " The model is damaged."
            );
    }

    /// <summary>The elements in pieces, each valid until the next is asked for.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Pieces(CancellationToken cancellationToken)
    {
        using var file = _range is null ? null : File.OpenHandle(_range.Path);
        var buffer = _range is null ? [] : new byte[Math.Min(PieceBytes, SizeBytes)];
        for (var done = 0L; done < SizeBytes; )
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = (int)Math.Min(PieceBytes, SizeBytes - done);
            if (file is not null)
                Fill(file, buffer.AsSpan(0, count), _range!.Offset + done);
            yield return file is null ? _memory.Slice((int)done, count) : buffer.AsMemory(0, count);
            done += count;
        }
    }

    /// <summary>All elements at once, for a tensor that has to be in memory.</summary>
    public ByteString ToByteString(CancellationToken cancellationToken)
    {
        var bytes = new byte[SizeBytes];
        var done = 0;
        foreach (var piece in Pieces(cancellationToken))
        {
            piece.CopyTo(bytes.AsMemory(done));
            done += piece.Length;
        }
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    private static void Fill(Microsoft.Win32.SafeHandles.SafeFileHandle file, Span<byte> buffer, long offset)
    {
        while (!buffer.IsEmpty)
        {
            var read = RandomAccess.Read(file, buffer, offset);
            if (read == 0)
                throw new EndOfStreamException("A file with external data became shorter while it was read.");
            buffer = buffer[read..];
            offset += read;
        }
    }

    // Each list holds several types, the small ones in elements of 32 bits of which only the low ones count.
    private static byte[] Listed(TensorProto tensor) =>
        tensor switch
        {
            { FloatData.Count: > 0 } => Bytes(tensor.FloatData),
            { Int64Data.Count: > 0 } => Bytes(tensor.Int64Data),
            { DoubleData.Count: > 0 } => Bytes(tensor.DoubleData),
            { Uint64Data.Count: > 0 } => tensor.DataType == 12
                ? Bytes(tensor.Uint64Data.Select(value => (uint)value))
                : Bytes(tensor.Uint64Data),
            { Int32Data.Count: > 0 } => ElementSize.Of(tensor.DataType, [2]) switch
            {
                8 => Bytes(tensor.Int32Data),
                4 => Bytes(tensor.Int32Data.Select(value => (ushort)value)),
                _ => Bytes(tensor.Int32Data.Select(value => (byte)value)),
            },
            _ => [],
        };

    private static byte[] Bytes<T>(IEnumerable<T> values)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(values.ToArray()).ToArray();
}
