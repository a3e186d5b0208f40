using System.Text.Json;
using Larder.Content;
using Larder.Origins;
using Larder.Pull.Archives;

namespace Larder.Pull;

/// <summary>The request document of a pull: everything that decides which files it gives.</summary>
/// <param name="Reference">The reference, without query string and user information.</param>
/// <param name="Query">Stands for the query string; null without one.</param>
/// <param name="Options">Which of its files, and nothing else of how it was pulled.</param>
internal sealed record PullRequest(string Reference, string? Query, PullOptions Options)
{
    public const string Kind = "model";

    /// <summary>
    /// The key of the request
    /// <c>{"exclude":[…],"include":[…],"kind":"model","query_sha256":…,"reference":…,"unpack":"auto","version":1}</c>, each
    /// member only where it says something.
    /// </summary>
    /// <remarks>Written out, and not built as a tree of nodes: that would be a fifth of what a hit costs a short process.</remarks>
    /// <exception cref="GlobException">A pattern makes no sense.</exception>
    public static EntryKey KeyOf(ModelReference reference, PullOptions? options = null)
    {
        var json = new CanonicalJsonWriter();
        json.WriteRaw("{"u8);
        if (options is not null)
        {
            WritePatterns(json, "\"exclude\":["u8, options.Exclude);
            WritePatterns(json, "\"include\":["u8, options.Include);
        }
        json.WriteRaw("\"kind\":\"model\""u8);
        // A query may select another file, and may hold a secret: its digest does the first and hides the second.
        if (reference.QueryDigest is { } query)
        {
            json.WriteRaw(",\"query_sha256\":"u8);
            json.WriteString(query.ToString());
        }
        json.WriteRaw(",\"reference\":"u8);
        json.WriteString(reference.Text);
        if (
            (options?.Unpack ?? UnpackMode.Auto) == UnpackMode.Auto
            && ArchiveNames.FormatOf(reference.Text) is not null
        )
            json.WriteRaw(",\"unpack\":\"auto\""u8);
        json.WriteRaw(",\"version\":1}"u8);
        return EntryKey.OfCanonical(Kind, json.ToArray());
    }

    /// <summary>Reads a stored request; null when it is none of a pull.</summary>
    public static PullRequest? TryRead(ReadOnlyMemory<byte> request)
    {
        using var document = JsonDocument.Parse(request);
        var root = document.RootElement;
        return TextOf(root, "kind") == Kind && TextOf(root, "reference") is { } reference
            ? new PullRequest(
                reference,
                TextOf(root, "query_sha256"),
                new PullOptions
                {
                    Include = PatternsOf(root, "include"),
                    Exclude = PatternsOf(root, "exclude"),
                    Unpack =
                        ArchiveNames.FormatOf(reference) is null || TextOf(root, "unpack") is not null
                            ? UnpackMode.Auto
                            : UnpackMode.None,
                }
            )
            : null;
    }

    /// <summary>Whether this asks for files of a reference, whichever of them.</summary>
    public bool IsOf(ModelReference reference) =>
        Reference == reference.Text && Query == reference.QueryDigest?.ToString();

    private static void WritePatterns(
        CanonicalJsonWriter json,
        ReadOnlySpan<byte> begin,
        IReadOnlyList<string> patterns
    )
    {
        if (patterns.Count == 0)
            return;
        json.WriteRaw(begin);
        var isFirst = true;
        foreach (var pattern in FileSelection.Canonical(patterns))
        {
            // Here, where every use of the patterns begins: a wrong one must not be found out by a miss only.
            Glob.Parse(pattern);
            if (!isFirst)
                json.WriteRaw(","u8);
            json.WriteString(pattern);
            isFirst = false;
        }
        json.WriteRaw("],"u8);
    }

    private static string? TextOf(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string[] PatternsOf(JsonElement root, string name) =>
        root.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(item => item.GetString() ?? "")]
            : [];
}
