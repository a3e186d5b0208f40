namespace Larder.Azure;

/// <summary>A blob as the service describes it.</summary>
/// <param name="Name">Its whole name in its container.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="ETag">The mark of its last change, in quotes.</param>
/// <param name="Md5">What who uploaded it said of its bytes, in lower-case hexadecimal digits; null without.</param>
/// <param name="IsDirectory">Whether it only stands for a directory.</param>
internal sealed record ListedBlob(string Name, long SizeBytes, string ETag, string? Md5, bool IsDirectory)
{
    /// <summary>When it was last changed; null where a list does not say.</summary>
    public DateTimeOffset? Modified { get; init; }

    /// <summary>An ETag as headers have it; lists leave its quotes out.</summary>
    public static string Quoted(string tag) => tag.StartsWith('"') ? tag : $"\"{tag}\"";

    /// <summary>An MD5 as Azure writes it in our form; null for what is none.</summary>
    public static string? Md5Of(string? base64)
    {
        Span<byte> md5 = stackalloc byte[16];
        return base64 is { Length: > 0 } && Convert.TryFromBase64String(base64, md5, out var length) && length == 16
            ? Convert.ToHexStringLower(md5)
            : null;
    }
}
