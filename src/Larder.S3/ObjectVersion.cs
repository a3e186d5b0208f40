namespace Larder.S3;

/// <summary>The mark of one version of an object: its ETag, which is compared and never taken for a hash.</summary>
/// <param name="ETag">As the server wrote it, without the quotes.</param>
/// <param name="IsSingle">Whether the object was named by itself, and not found below a prefix.</param>
internal readonly record struct ObjectVersion(string ETag, bool IsSingle)
{
    private const string Below = "etag=";
    private const string Single = "object etag=";

    /// <summary>Whether the server says that equal bytes are not meant by it: parts of two versions could be mixed.</summary>
    public bool IsWeak => ETag.StartsWith("W/", StringComparison.Ordinal);

    /// <summary>As it stands in a condition of a request.</summary>
    public string Quoted => $"\"{ETag}\"";

    /// <summary>The mark of an object with this ETag; null where the server has none.</summary>
    public static ObjectVersion? Of(string? etag, bool isSingle) =>
        etag?.Trim('"') is { Length: > 0 } bare ? new ObjectVersion(bare, isSingle) : null;

    /// <summary>Reads what <see cref="ToString"/> has written.</summary>
    public static ObjectVersion Parse(string text) =>
        text.StartsWith(Single, StringComparison.Ordinal)
            ? new ObjectVersion(text[Single.Length..], IsSingle: true)
            : new ObjectVersion(text[Below.Length..], IsSingle: false);

    /// <inheritdoc/>
    public override string ToString() => (IsSingle ? Single : Below) + ETag;
}
