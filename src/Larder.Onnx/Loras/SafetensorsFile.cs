using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Larder.Content;
using Microsoft.Win32.SafeHandles;

namespace Larder.Onnx.Loras;

/// <summary>A file of tensors: the length of a header, the header as JSON, the numbers.</summary>
internal sealed class SafetensorsFile : IDisposable
{
    private const int LengthBytes = sizeof(ulong);

    private readonly SafeFileHandle _file;
    private readonly SafetensorsHeader _header;
    private readonly long _dataBegin;

    private SafetensorsFile(SafeFileHandle file, SafetensorsHeader header, long dataBegin)
    {
        _file = file;
        _header = header;
        _dataBegin = dataBegin;
    }

    /// <summary>The tensors, by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors => _header.Tensors;

    /// <summary>What else is said of them.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Opens a file and checks its header; the numbers are not looked at.</summary>
    /// <exception cref="InvalidDataException">It is no such file: why, to be read after its name.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SafetensorsFile Open(string path)
    {
        var file = File.OpenHandle(path);
        try
        {
            var length = RandomAccess.GetLength(file);
            if (length < LengthBytes)
                throw new InvalidDataException($"has {length} bytes, too few for a safetensors file");
            Span<byte> declared = stackalloc byte[LengthBytes];
            Fill(file, declared, 0);
            var headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(declared);
            if (headerBytes > SafetensorsHeader.MaxBytes)
                throw new InvalidDataException(
                    $"says that its header has {headerBytes} bytes; a safetensors file has {SafetensorsHeader.MaxBytes} at most"
                );
            if (headerBytes > (ulong)(length - LengthBytes))
                throw new InvalidDataException(
                    $"says that its header has {headerBytes} bytes, and has {length - LengthBytes} behind that"
                );
            var header = new byte[headerBytes];
            Fill(file, header, LengthBytes);
            var dataBegin = LengthBytes + (long)headerBytes;
            return new SafetensorsFile(file, SafetensorsHeader.Parse(header, length - dataBegin), dataBegin);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether the numbers of a tensor are of a kind that <see cref="Read"/> reads, and as many as fit into memory.</summary>
    public static bool CanRead(SafetensorsTensor tensor) =>
        tensor.Type
            is SafetensorsType.Single
                or SafetensorsType.Half
                or SafetensorsType.BrainFloat
                or SafetensorsType.Double
        && tensor.End - tensor.Begin <= Array.MaxLength;

    /// <summary>The numbers of a tensor, whichever of the floating types it has.</summary>
    /// <exception cref="InvalidDataException">One of them is infinite or no number.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    public double[] Read(SafetensorsTensor tensor)
    {
        var bytes = new byte[tensor.End - tensor.Begin];
        Fill(_file, bytes, _dataBegin + tensor.Begin);
        // The format is little-endian, as every machine is that .NET 10 runs on.
        var numbers = tensor.Type switch
        {
            SafetensorsType.Half => Doubles<Half>(bytes, static value => (double)value),
            SafetensorsType.BrainFloat => Doubles<ushort>(
                bytes,
                static value => BitConverter.UInt32BitsToSingle((uint)value << 16)
            ),
            SafetensorsType.Double => Doubles<double>(bytes, static value => value),
            _ => Doubles<float>(bytes, static value => value),
        };
        return Array.TrueForAll(numbers, double.IsFinite)
            ? numbers
            : throw new InvalidDataException(
                $"has the tensor {Printable.Quote(tensor.Name)} with numbers that are infinite or none"
            );
    }

    public void Dispose() => _file.Dispose();

    private static double[] Doubles<T>(byte[] bytes, Converter<T, double> convert)
        where T : unmanaged => Array.ConvertAll(MemoryMarshal.Cast<byte, T>(bytes).ToArray(), convert);

    private static void Fill(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        while (!buffer.IsEmpty)
        {
            var read = RandomAccess.Read(file, buffer, offset);
            if (read == 0)
                throw new EndOfStreamException("A safetensors file became shorter while it was read.");
            buffer = buffer[read..];
            offset += read;
        }
    }
}
