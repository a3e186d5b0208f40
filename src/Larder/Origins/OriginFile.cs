using Larder.Content;

namespace Larder.Origins;

/// <summary>A file as an origin lists it.</summary>
/// <param name="Path">Its path relative to the reference, with '/' between segments; not yet checked to be a safe one.</param>
/// <param name="SizeBytes">Its length, null where the origin does not tell.</param>
/// <param name="Version">The origin's own mark of this version of the file: another mark, another version.</param>
/// <param name="Digest">The SHA-256 of its bytes, null where the origin does not tell.</param>
/// <param name="HasRanges">
/// Whether parts of it can be read, each surely of this version; only then is it fetched over several connections, and a
/// transfer that broke off goes on where it was.
/// </param>
public sealed record OriginFile(
    string Path,
    long? SizeBytes,
    string Version,
    Digest? Digest = null,
    bool HasRanges = false
)
{
    /// <summary>The origin's name of the version of all files that it was listed in, such as a commit; null where it has none.</summary>
    public string? Revision { get; init; }

    /// <summary>The MD5 of its bytes in lower-case hexadecimal digits, null where the origin does not tell.</summary>
    public string? Md5 { get; init; }

    /// <summary>Whether <see cref="Version"/> rests on size and time alone, as the origin has nothing better; false.</summary>
    public bool HasOnlySizeAndTime { get; init; }
}
