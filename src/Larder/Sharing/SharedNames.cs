using System.Diagnostics.CodeAnalysis;
using Larder.Content;

namespace Larder.Sharing;

/// <summary>The names of everything in a shared store: the same below their first directories as in a store on disk.</summary>
internal static class SharedNames
{
    public const string Blobs = "blobs/sha256/";

    public const string Manifests = "manifests/sha256/";

    public const string Entries = "entries/";

    public const string Leases = "leases/";

    /// <summary>Objects that are written to find out what a store can do.</summary>
    public const string Probes = "probe/";

    private const string DocumentSuffix = ".json";

    public static string Blob(Digest digest) => Fanned(Blobs, digest, "");

    public static string Manifest(Digest digest) => Fanned(Manifests, digest, DocumentSuffix);

    /// <summary>The name of an entry.</summary>
    /// <param name="place">A namespace, or a namespace and a signer (<see cref="Place"/>).</param>
    /// <param name="kind">The kind of its key.</param>
    /// <param name="key">The digest of its key.</param>
    public static string Entry(string place, string kind, Digest key) =>
        Fanned($"{Entries}{place}/{kind}/", key, DocumentSuffix);

    public static string Lease(string @namespace, EntryKey key) =>
        Fanned($"{Leases}{@namespace}/{key.Kind}/", key.Digest, DocumentSuffix);

    /// <summary>Where the entries of a signer lie, so that nobody else's can stand in their place.</summary>
    public static string Place(string @namespace, Digest? signer) =>
        signer is { } key ? $"{@namespace}.{key}" : @namespace;

    /// <summary>Takes a name apart that <see cref="Entry"/> has made; false for any other.</summary>
    public static bool TryParseEntry(
        string name,
        [NotNullWhen(true)] out string? place,
        [NotNullWhen(true)] out string? kind,
        out Digest key
    )
    {
        (place, kind, key) = (null, null, default);
        if (name.Split('/') is not ["entries", var where, var what, var begin, var end])
            return false;
        if (!TryParseDigest(begin, end, DocumentSuffix, out key) || Entry(where, what, key) != name)
            return false;
        (place, kind) = (where, what);
        return true;
    }

    /// <summary>The digest of a blob that <see cref="Blob"/> has named; false for any other name.</summary>
    public static bool TryParseBlob(string name, out Digest digest) => TryParse(name, Blobs, "", out digest);

    /// <summary>The digest of a manifest that <see cref="Manifest"/> has named; false for any other name.</summary>
    public static bool TryParseManifest(string name, out Digest digest) =>
        TryParse(name, Manifests, DocumentSuffix, out digest);

    private static bool TryParse(string name, string directory, string suffix, out Digest digest)
    {
        digest = default;
        return name.StartsWith(directory, StringComparison.Ordinal)
            && name[directory.Length..].Split('/') is [var begin, var end]
            && TryParseDigest(begin, end, suffix, out digest);
    }

    private static bool TryParseDigest(string begin, string end, string suffix, out Digest digest)
    {
        digest = default;
        return begin.Length == 2
            && end.EndsWith(suffix, StringComparison.Ordinal)
            && Digest.TryParse(begin + end[..^suffix.Length], out digest);
    }

    private static string Fanned(string directory, Digest digest, string suffix)
    {
        var hex = digest.ToString();
        return $"{directory}{hex[..2]}/{hex[2..]}{suffix}";
    }
}
