using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Larder.Recordings.Requests;
using Larder.Store;
using Microsoft.Win32.SafeHandles;

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
    private const int ChunkFiles = 64;

    // The request comes before the answer: of a long one, its beginning must do.
    private const int BeginningBytes = 16 << 10;
    private const long MostRememberedBytes = 64 << 20;

    private readonly ConcurrentDictionary<string, byte[]> _beginnings = new(StringComparer.Ordinal);
    private long _rememberedBytes;

    /// <summary>A text of several lines.</summary>
    public string Describe(RecordingRequest request)
    {
        try
        {
            return DescribeIn(request);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // What is missing is worth more than why nothing like it is shown.
            return $"The recordings in '{directory}' cannot be looked through: {refused.Message}";
        }
    }

    private string DescribeIn(RecordingRequest request)
    {
        var text = new StringBuilder();
        var own = RecordingLayout.FolderOf(directory, request.Deployment, request.Method);
        var near = Nearest(request, [own]);
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
                $"No call of {request.Deployment}.{request.Method} is recorded at all."
            );
            near = Nearest(request, OtherFolders(own, request.Method));
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

    private List<NearRecording> Nearest(RecordingRequest request, IEnumerable<string> folders)
    {
        var asked = JsonElement.Parse(request.Key.Request.Span);
        var sketch = new RequestSketch(request.Key.Request.Span);
        var candidates = new List<Candidate>();
        foreach (var folder in folders)
            AddMostAlike(folder, sketch, candidates);
        return
        [
            .. candidates
                .Order(Candidate.MostAlikeFirst)
                .Take(MostCompared)
                .Select(candidate => TryCompare(candidate, asked))
                .OfType<NearRecording>()
                .OrderBy(near => near.Differences.All.Count)
                .Take(MostShown),
        ];
    }

    private void AddMostAlike(string folder, RequestSketch sketch, List<Candidate> candidates)
    {
        using var handle = Posix.TryOpenDirectory(folder);
        if (handle is null)
            return;
        var names = RecordingLayout.RecordingsIn(folder);
        var likeness = new double[names.Length];
        Parallel.For(
            0,
            (names.Length + ChunkFiles - 1) / ChunkFiles,
            chunk =>
            {
                var buffer = new byte[BeginningBytes];
                for (var i = chunk * ChunkFiles; i < Math.Min((chunk + 1) * ChunkFiles, names.Length); i++)
                    likeness[i] = sketch.Likeness(BeginningOf(names[i], handle, buffer));
            }
        );
        // The least that is still among the best; what is below it makes no objects.
        var sorted = (double[])likeness.Clone();
        Array.Sort(sorted);
        var least = sorted.ElementAtOrDefault(Math.Max(names.Length - MostCompared, 0));
        for (var i = 0; i < names.Length; i++)
        {
            if (likeness[i] >= least)
                candidates.Add(new Candidate(Path.Join(folder, names[i]), likeness[i]));
        }
    }

    // Nothing where it cannot be read: a miss is told all the same, and verify tells what is damaged.
    private ReadOnlySpan<byte> BeginningOf(string name, SafeFileHandle folder, byte[] buffer)
    {
        if (_beginnings.TryGetValue(name, out var known))
            return known;
        // Of other characters than those of a digest there may be more bytes.
        Span<byte> path = stackalloc byte[(RecordingLayout.FileNameLength * 3) + 1];
        path[Encoding.UTF8.GetBytes(name, path)] = 0;
        var request = RequestIn(buffer.AsSpan(0, Posix.ReadBeginningIn(folder, path, buffer)));
        if (request.Length > 0 && Interlocked.Add(ref _rememberedBytes, request.Length) <= MostRememberedBytes)
            _beginnings.TryAdd(name, request.ToArray());
        return request;
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

    private static NearRecording? TryCompare(Candidate candidate, JsonElement asked)
    {
        try
        {
            return FileBytes.TryRead(candidate.File, FileBytes.MostDocumentBytes, out _) is { } bytes
                ? new NearRecording(
                    candidate.File,
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

    private sealed record NearRecording(string File, RequestDifferences Differences);

    private sealed record Candidate(string File, double Likeness)
    {
        public static readonly IComparer<Candidate> MostAlikeFirst = Comparer<Candidate>.Create(
            static (left, right) =>
                left.Likeness != right.Likeness
                    ? right.Likeness.CompareTo(left.Likeness)
                    : string.CompareOrdinal(left.File, right.File)
        );
    }
}
