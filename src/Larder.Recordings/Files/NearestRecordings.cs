using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Larder.Recordings.Requests;
using Larder.Store;

namespace Larder.Recordings.Files;

/// <summary>Tells of a request that has no recording which ones are near and where they differ. It never answers.</summary>
/// <remarks>
/// Two rounds: by a sketch of the beginning of every file, on all cores, then by documents of the few that look nearest. The
/// beginnings are remembered by file name: that is the digest of the request, which so is always the same.
/// </remarks>
internal sealed class NearestRecordings(string directory)
{
    private const int MostShown = 3;
    private const int MostCompared = 12;
    private const int MostLines = 10;

    // The request comes before the answer: of a long one, its beginning must do.
    private const int BeginningBytes = 16 << 10;
    private const long MostRememberedBytes = 64 << 20;

    private readonly ConcurrentDictionary<string, byte[]> _beginnings = new(StringComparer.Ordinal);
    private long _rememberedBytes;

    /// <summary>A text of several lines.</summary>
    public string Describe(RecordingRequest request)
    {
        var text = new StringBuilder();
        var own = RecordingLayout.FolderOf(directory, request.Deployment, request.Method);
        var near = Nearest(request, FilesOf(own));
        if (near.Count > 0)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"The nearest recordings of {request.Deployment}.{request.Method} (- recorded, + asked for):"
            );
        }
        else
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"There is no recording of {request.Deployment}.{request.Method} in '{directory}'."
            );
            near = Nearest(request, OtherFolders(own, request.Method).SelectMany(FilesOf));
            if (near.Count > 0)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $" The nearest of {request.Method} of other deployments (- recorded, + asked for):"
                );
            }
        }
        foreach (var recording in near)
            Describe(text, recording);
        return text.ToString();
    }

    private void Describe(StringBuilder text, NearRecording recording)
    {
        var (all, alike) = (recording.Differences.All, recording.Differences.Alike);
        text.Append(
            CultureInfo.InvariantCulture,
            $"\n  {Path.GetRelativePath(directory, recording.File)}: {all.Count} {(all.Count == 1 ? "value differs" : "values differ")}, {alike} {(alike == 1 ? "is" : "are")} equal"
        );
        text.Append(recording.Differences.OutsideArguments is { } summary ? $"; {summary}" : "");
        foreach (var difference in all.Take(MostLines))
        {
            var (recorded, asked) = Shown.Pair(difference.Recorded, difference.Asked);
            if (difference.Recorded is not null)
                text.Append(CultureInfo.InvariantCulture, $"\n    - {difference.Path}: {recorded}");
            if (difference.Asked is not null)
                text.Append(CultureInfo.InvariantCulture, $"\n    + {difference.Path}: {asked}");
        }
        if (all.Count > MostLines)
            text.Append(CultureInfo.InvariantCulture, $"\n    and {all.Count - MostLines} more");
    }

    private List<NearRecording> Nearest(RecordingRequest request, IEnumerable<string> files)
    {
        var asked = JsonElement.Parse(request.Key.Request.Span);
        var sketch = new RequestSketch(request.Key.Request.Span);
        return
        [
            .. MostAlike(sketch, [.. files])
                .Select(candidate => TryCompare(candidate, asked))
                .OfType<NearRecording>()
                .OrderBy(near => near.Differences.All.Count)
                .ThenByDescending(near => near.Likeness)
                .ThenBy(near => near.File, StringComparer.Ordinal)
                .Take(MostShown),
        ];
    }

    private List<(string File, double Likeness)> MostAlike(RequestSketch sketch, string[] files)
    {
        if (files.Length == 0)
            return [];
        var likeness = new double[files.Length];
        Parallel.ForEach(
            Partitioner.Create(0, files.Length, Math.Max(files.Length / (4 * Environment.ProcessorCount), 64)),
            () => new byte[BeginningBytes],
            (range, _, buffer) =>
            {
                for (var i = range.Item1; i < range.Item2; i++)
                    likeness[i] = sketch.Likeness(BeginningOf(files[i], buffer));
                return buffer;
            },
            _ => { }
        );
        return
        [
            .. files
                .Zip(likeness)
                .OrderByDescending(candidate => candidate.Second)
                .ThenBy(candidate => candidate.First, StringComparer.Ordinal)
                .Take(MostCompared),
        ];
    }

    // Nothing where it cannot be read: a miss is told all the same, and verify tells what is damaged.
    private ReadOnlySpan<byte> BeginningOf(string file, byte[] buffer)
    {
        if (_beginnings.TryGetValue(file, out var known))
            return known;
        var request = RequestIn(buffer.AsSpan(0, Read(file, buffer)));
        if (request.Length > 0 && Interlocked.Add(ref _rememberedBytes, request.Length) <= MostRememberedBytes)
            _beginnings.TryAdd(file, request.ToArray());
        return request;
    }

    private static int Read(string file, byte[] buffer)
    {
        try
        {
            using var handle = Posix.TryOpenToRead(file);
            return handle is null ? 0 : RandomAccess.Read(handle, buffer, fileOffset: 0);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return 0;
        }
    }

    // By its indentation, which no text can have: a line end in a text is escaped.
    private static ReadOnlySpan<byte> RequestIn(ReadOnlySpan<byte> beginning)
    {
        var start = beginning.IndexOf("\"request\":"u8);
        if (start < 0)
            return beginning;
        var request = beginning[(start + "\"request\":".Length)..];
        var end = request.IndexOf("\n  }"u8);
        return end < 0 ? request : request[..(end + "\n  }".Length)];
    }

    private static NearRecording? TryCompare((string File, double Likeness) candidate, JsonElement asked)
    {
        try
        {
            return FileBytes.TryRead(candidate.File, FileBytes.MostDocumentBytes, out _) is { } bytes
                ? new NearRecording(
                    candidate.File,
                    candidate.Likeness,
                    RequestDifferences.Of(RecordingReader.Read(bytes, candidate.File).Request, asked)
                )
                : null;
        }
        catch (Exception damaged) when (damaged is RecordingDamagedException or InvalidOperationException)
        {
            return null;
        }
    }

    private IEnumerable<string> OtherFolders(string own, string method) =>
        Directory.Exists(directory)
            ? Directory
                .EnumerateDirectories(directory)
                .Select(deployment => Path.Join(deployment, RecordingLayout.NameOf(method)))
                .Where(folder => folder != own)
            : [];

    private static IEnumerable<string> FilesOf(string folder) =>
        Directory.Exists(folder)
            ? Directory
                .EnumerateFiles(folder, $"*{RecordingLayout.Extension}")
                .Where(file => RecordingLayout.TryKeyOf(Path.GetFileName(file), out _))
            : [];

    private sealed record NearRecording(string File, double Likeness, RequestDifferences Differences);
}
