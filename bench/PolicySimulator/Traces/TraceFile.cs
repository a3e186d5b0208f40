using System.Globalization;

namespace PolicySimulator.Traces;

/// <summary>Traces as CSV files: <c>time,model,bytes,seconds</c>, the last two known or not.</summary>
internal static class TraceFile
{
    private static readonly string[] Columns = ["time", "model", "bytes", "seconds"];

    /// <summary>Reads a trace whose lines are in the order of time.</summary>
    /// <exception cref="TraceException">A line, named in the message, is none of a trace.</exception>
    public static Trace Read(string path, KnownModels known)
    {
        List<Model> models = [];
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        List<Request> requests = [];
        var (first, last) = (TimeSpan.Zero, TimeSpan.Zero);
        var datesBefore = false;
        foreach (var row in CsvFile.Read(path, Columns, required: 2))
        {
            var time = row.Time("time", out var isDate);
            if (requests.Count is 0)
                (first, last, datesBefore) = (time, time, isDate);
            if (isDate != datesBefore)
                throw row.Wrong("time", datesBefore ? "ISO 8601, as before," : "a number of seconds, as before,");
            if (time < last)
                throw row.Wrong("time", "no earlier time than that of the line before");
            last = time;

            var name = row.Name("model");
            if (!places.TryGetValue(name, out var place))
            {
                places.Add(name, place = models.Count);
                models.Add(ModelOf(row, name, known));
            }
            else
            {
                ThrowIfAnother(row, models[place]);
            }
            requests.Add(new(requests.Count, time - first, place));
        }
        return requests.Count > 0
            ? new(models, requests)
            : throw new TraceException($"{path} has no request; expected are lines of time,model.");
    }

    /// <summary>Writes a trace with all that is known, so that reading it gives the same requests.</summary>
    public static void Write(Trace trace, string path)
    {
        using var writer = new StreamWriter(path) { NewLine = "\n" };
        writer.WriteLine(string.Join(',', Columns));
        foreach (var request in trace.Requests)
        {
            var model = trace.Models[request.Model];
            writer.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Seconds(request.At)},{CsvCells.Quote(model.Name)},{model.Bytes},{Seconds(model.LoadTime)}"
                )
            );
        }
    }

    private static Model ModelOf(CsvRow row, string name, KnownModels known) =>
        new(
            name,
            row.Bytes("bytes")
                ?? known.BytesOf(name)
                ?? throw row.Wrong("model", "one of a known size (a column bytes, --models-file or --other-gb)"),
            row.Seconds("seconds")
                ?? known.LoadTimeOf(name)
                ?? throw row.Wrong(
                    "model",
                    "one of a known load time (a column seconds, --models-file or --other-seconds)"
                )
        );

    // Which of the two would count is anybody's guess.
    private static void ThrowIfAnother(CsvRow row, Model model)
    {
        if (row.Bytes("bytes") is { } bytes && bytes != model.Bytes)
            throw row.Wrong(
                "bytes",
                string.Create(CultureInfo.InvariantCulture, $"{model.Bytes}, as before for {model.Name},")
            );
        if (row.Seconds("seconds") is { } seconds && seconds != model.LoadTime)
            throw row.Wrong(
                "seconds",
                string.Create(CultureInfo.InvariantCulture, $"{Seconds(model.LoadTime)}, as before for {model.Name},")
            );
    }

    private static decimal Seconds(TimeSpan time) => (decimal)time.Ticks / TimeSpan.TicksPerSecond;
}
