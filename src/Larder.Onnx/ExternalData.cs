using System.Text;

namespace Larder.Onnx;

/// <summary>Finds the files beside a model file that hold its large weights.</summary>
/// <remarks>
/// Reads only the skeleton of the file: in ModelProto the graph (7), in it the weights (5), in a weight the entries
/// (13) that say where its data lies; everything else is skipped. What cannot be read names no files; it is for the
/// runtime to say that the model is damaged.
/// </remarks>
internal sealed class ExternalData
{
    private const int ModelGraph = 7;
    private const int GraphInitializer = 5;
    private const int TensorExternalData = 13;
    private const int EntryKey = 1;
    private const int EntryValue = 2;

    // No path is longer; a damaged length must not make us allocate.
    private const int MaxText = 4096;

    private readonly Stream _stream;
    private readonly HashSet<string> _locations = new(StringComparer.Ordinal);

    private ExternalData(Stream stream) => _stream = stream;

    /// <summary>The absolute paths of the files, each once, whether they exist or not.</summary>
    public static IReadOnlyList<string> Files(string modelPath)
    {
        using var stream = File.OpenRead(modelPath);
        var data = new ExternalData(stream);
        try
        {
            data.Read(ModelGraph, stream.Length, data.ReadGraph);
        }
        catch (InvalidDataException)
        {
            return [];
        }
        var directory = Path.GetDirectoryName(modelPath)!;
        return [.. data._locations.Select(location => Path.Combine(directory, location))];
    }

    /// <summary>Hands over every field of that number up to <paramref name="end"/>, and skips the others.</summary>
    private void Read(int field, long end, Action<long> found)
    {
        while (_stream.Position < end)
        {
            var tag = ReadVarint();
            var size = (tag & 7) switch
            {
                0 => SkipVarint(),
                1 => 8,
                2 => ReadVarint(),
                5 => 4,
                _ => throw new InvalidDataException(),
            };
            if (size < 0 || size > end - _stream.Position)
                throw new InvalidDataException();
            var next = _stream.Position + size;
            if (tag == ((long)field << 3 | 2))
                found(next);
            _stream.Position = next;
        }
    }

    private void ReadGraph(long end) => Read(GraphInitializer, end, ReadTensor);

    private void ReadTensor(long end) => Read(TensorExternalData, end, ReadEntry);

    private void ReadEntry(long end)
    {
        var start = _stream.Position;
        var key = "";
        var value = "";
        Read(EntryKey, end, next => key = ReadText(next));
        _stream.Position = start;
        Read(EntryValue, end, next => value = ReadText(next));
        if (key == "location" && value.Length > 0)
            _locations.Add(value);
    }

    private string ReadText(long end)
    {
        var size = end - _stream.Position;
        if (size > MaxText)
            throw new InvalidDataException();
        var bytes = new byte[size];
        _stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private long SkipVarint()
    {
        ReadVarint();
        return 0;
    }

    private long ReadVarint()
    {
        long value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = _stream.ReadByte();
            if (next < 0)
                throw new InvalidDataException();
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
        throw new InvalidDataException();
    }
}
