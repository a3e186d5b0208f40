namespace Larder.Recordings.AI.Json;

/// <summary>What stands beside the JSON of a request or an answer, and is named in it by its place.</summary>
internal sealed class ClientParts(IReadOnlyList<byte[]> data, IReadOnlyList<float[]> vectors)
{
    // Converters have no other way to what the call they work for needs; a serialisation begins and ends on one thread.
    [ThreadStatic]
    private static ClientParts? _current;

    private readonly List<byte[]> _data = [.. data];
    private readonly List<float[]> _vectors = [.. vectors];

    public static ClientParts Current =>
        _current ?? throw new InvalidOperationException("These options are for ClientJson only.");

    public IReadOnlyList<byte[]> Data => _data;

    public IReadOnlyList<float[]> Vectors => _vectors;

    public int Add(byte[] bytes)
    {
        _data.Add(bytes);
        return _data.Count - 1;
    }

    public int Add(float[] vector)
    {
        _vectors.Add(vector);
        return _vectors.Count - 1;
    }

    /// <summary>Adds to a call what its request names by its place.</summary>
    public RecordedCall AddTo(RecordedCall call) => _data is [] ? call : call.With("data", Data);

    /// <summary>Makes these the ones that converters on this thread use, until the serialisation has ended.</summary>
    public T Use<T>(Func<T> serialisation)
    {
        var before = _current;
        _current = this;
        try
        {
            return serialisation();
        }
        finally
        {
            _current = before;
        }
    }
}
