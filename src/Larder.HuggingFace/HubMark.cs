using Larder.Content;

namespace Larder.HuggingFace;

/// <summary>The mark of a version of a file: what the Hub knows of its content, <c>sha256=…</c> or <c>git=…</c>.</summary>
/// <remarks>Not the commit: a file that a new commit left as it was is the same version.</remarks>
internal static class HubMark
{
    private const string Sha256 = "sha256=";
    private const string Git = "git=";

    public static string Of(HubFile file) => file.Sha256 is { } digest ? $"{Sha256}{digest}" : $"{Git}{file.BlobId}";

    /// <summary>Git's name of the content; null where the SHA-256 is known instead.</summary>
    public static string? BlobIdOf(string mark) =>
        mark.StartsWith(Git, StringComparison.Ordinal) ? mark[Git.Length..] : null;

    /// <summary>The SHA-256 of the content; null where git's name is known instead.</summary>
    public static Digest? Sha256Of(string mark) =>
        mark.StartsWith(Sha256, StringComparison.Ordinal) && Digest.TryParse(mark.AsSpan(Sha256.Length), out var digest)
            ? digest
            : null;
}
