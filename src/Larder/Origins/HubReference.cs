using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Larder.Content;

namespace Larder.Origins;

/// <summary>What a reference to the Hugging Face Hub names: <c>hf://org/repo@revision/path</c>.</summary>
/// <remarks>
/// Not read as a URI: what stands before the '@' would be a user there, and a part of it a host without capitals. The
/// revision is always said, so that one thing has one text.
/// </remarks>
internal sealed record HubReference
{
    public const string Scheme = "hf";
    public const string DefaultRevision = "main";

    private const string Prefix = Scheme + "://";

    /// <summary>An access token of the Hub is these three letters and 34 more.</summary>
    private const string TokenPrefix = "hf_";
    private const int ShortestToken = 24;

    private static readonly SearchValues<char> TokenLetters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    );

    private HubReference(HubRepository repository, string revision, string path)
    {
        Repository = repository;
        Revision = revision;
        Path = path;
        Text = $"{Prefix}{repository.Path}@{Escape(revision)}{(path.Length == 0 ? "" : "/" + EscapePath(path))}";
    }

    /// <summary>The repository.</summary>
    public HubRepository Repository { get; }

    /// <summary>A branch, a tag, a ref such as <c>refs/pr/1</c>, or a commit.</summary>
    public string Revision { get; }

    /// <summary>Nothing for all files, a directory with a slash at its end, or a single file.</summary>
    public string Path { get; }

    /// <summary>The reference in the one way that it is written.</summary>
    public string Text { get; }

    /// <summary>Whether the revision is a whole commit, which never means anything else.</summary>
    public bool IsCommit => IsCommitId(Revision);

    /// <summary>Whether it names one file.</summary>
    public bool IsFile => Path.Length > 0 && Path[^1] != '/';

    /// <summary>The directory of the repository that the paths of the files are relative to: nothing, or with a slash at its end.</summary>
    public string Directory => IsFile ? Path[..(Path.LastIndexOf('/') + 1)] : Path;

    /// <summary>Whether a text begins like a reference to the Hub.</summary>
    public static bool IsFor(string text) => text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    public static bool IsCommitId(string text) => text.Length == 40 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Whether a text begins with what looks like an access token.</summary>
    public static bool IsToken(string text) =>
        text.Length >= ShortestToken
        && text.StartsWith(TokenPrefix, StringComparison.Ordinal)
        && text.AsSpan(TokenPrefix.Length).IndexOfAnyExcept(TokenLetters) < 0;

    /// <summary>Reads a reference that <see cref="IsFor"/> is true of.</summary>
    /// <param name="text">The text.</param>
    /// <param name="reference">What it names.</param>
    /// <param name="fault">What is wrong with it otherwise, to be read after the text; nothing of the text is in it.</param>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out HubReference? reference,
        [NotNullWhen(false)] out string? fault
    )
    {
        reference = null;
        if (text.AsSpan().ContainsAny('?', '#'))
        {
            fault = "has a '?' or '#', which name nothing at the Hub; write %3F or %23 where they belong to a name";
            return false;
        }
        var segments = new Queue<string>(text[Prefix.Length..].Split('/'));
        var kind = HubRepository.IsKind(segments.Peek()) ? segments.Dequeue() : HubRepository.Models;
        var (id, revision) = TakeName(segments);
        if (revision is null && segments.TryPeek(out var second) && second.Length > 0)
        {
            (var name, revision) = TakeName(segments);
            id = $"{id}/{name}";
        }
        revision = revision is null ? DefaultRevision : TakeRevision(revision, segments);
        var path = string.Join('/', segments.Select(Uri.UnescapeDataString));

        fault =
            Array.Exists(id.Split('/'), IsToken) ? "begins with what looks like an access token; set HF_TOKEN instead"
            : HubRepository.FaultIn(id) is { } idFault ? idFault
            : FaultInRevision(revision) is { } revisionFault ? $"has a revision that {revisionFault}"
            : FaultInPath(path) is { } pathFault ? $"has a path that {pathFault}"
            : null;
        if (fault is not null)
            return false;
        reference = new HubReference(new HubRepository(kind, id), revision, path);
        return true;
    }

    /// <summary>The path in the repository of a file that is listed under this reference.</summary>
    public string PathOf(string listed) => IsFile ? Path : Path + listed;

    private static (string Name, string? Revision) TakeName(Queue<string> segments)
    {
        var segment = segments.Count > 0 ? segments.Dequeue() : "";
        var at = segment.IndexOf('@', StringComparison.Ordinal);
        return at < 0 ? (segment, null) : (segment[..at], segment[(at + 1)..]);
    }

    // These are what people copy from the Hub's pages, and no branch can have such a name.
    private static string TakeRevision(string first, Queue<string> segments)
    {
        if (
            first == "refs"
            && segments.ElementAtOrDefault(0) is "pr" or "convert"
            && segments.ElementAtOrDefault(1) is { Length: > 0 }
        )
            return $"refs/{segments.Dequeue()}/{Uri.UnescapeDataString(segments.Dequeue())}";
        return Uri.UnescapeDataString(first);
    }

    // As git has it for names of refs, so that none is a way to another address of the Hub.
    private static string? FaultInRevision(string revision)
    {
        if (revision.Length is 0 or > 250)
            return "is empty or longer than 250 letters";
        if (revision.Any(letter => char.IsControl(letter) || " ~^:?*[\\".Contains(letter, StringComparison.Ordinal)))
            return "has a letter that git allows in no name";
        return
            Array.Exists(revision.Split('/'), part => part.Length == 0 || part[0] == '.' || part.EndsWith('.'))
            || revision.Contains("..", StringComparison.Ordinal)
            ? "has a part that is empty, begins or ends with '.', or has '..' in it"
            : null;
    }

    private static string? FaultInPath(string path) =>
        path.Length == 0 ? null : ManifestPath.FaultIn(path.TrimEnd('/'));

    private static string Escape(string revision) =>
        revision.StartsWith("refs/pr/", StringComparison.Ordinal)
        || revision.StartsWith("refs/convert/", StringComparison.Ordinal)
            ? revision
            : Uri.EscapeDataString(revision);

    private static string EscapePath(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
