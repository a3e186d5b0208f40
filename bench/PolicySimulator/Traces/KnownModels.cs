namespace PolicySimulator.Traces;

/// <summary>The sizes and load times of models that a trace does not tell itself.</summary>
/// <param name="models">From a file; each may know one of the two only.</param>
/// <param name="otherBytes">The size of all others, if any was given.</param>
/// <param name="otherTime">The load time of all others, if any was given.</param>
internal sealed class KnownModels(
    IReadOnlyDictionary<string, (long? Bytes, TimeSpan? LoadTime)> models,
    long? otherBytes,
    TimeSpan? otherTime
)
{
    private static readonly string[] Columns = ["model", "bytes", "seconds"];

    public long? BytesOf(string name) => models.GetValueOrDefault(name).Bytes ?? otherBytes;

    public TimeSpan? LoadTimeOf(string name) => models.GetValueOrDefault(name).LoadTime ?? otherTime;

    /// <summary>Reads a CSV file of models: <c>model,bytes,seconds</c>.</summary>
    /// <exception cref="TraceException">A line, named in the message, is none of such a file.</exception>
    public static Dictionary<string, (long? Bytes, TimeSpan? LoadTime)> Read(string path)
    {
        Dictionary<string, (long?, TimeSpan?)> models = new(StringComparer.Ordinal);
        foreach (var row in CsvFile.Read(path, Columns, required: 1))
        {
            if (!models.TryAdd(row.Name("model"), (row.Bytes("bytes"), row.Seconds("seconds"))))
                throw row.Wrong("model", "a name that no line before has");
        }
        return models;
    }
}
