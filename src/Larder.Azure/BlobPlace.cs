using System.Buffers;
using Larder.Origins;

namespace Larder.Azure;

/// <summary>What a reference names: a container's blobs below a prefix, or one blob.</summary>
/// <param name="Reference">The reference, for messages.</param>
/// <param name="Account">The storage account.</param>
/// <param name="Container">The container.</param>
/// <param name="Name">The name of the blob, or the prefix with the slash at its end; empty for the whole container.</param>
internal sealed record BlobPlace(ModelReference Reference, string Account, string Container, string Name)
{
    private const string Form = "az://account/container/prefix/ or az://account/container/blob";

    // What a request says itself: in a reference it would change what is asked for.
    private static readonly string[] Ours =
    [
        "comp",
        "delimiter",
        "include",
        "marker",
        "maxresults",
        "prefix",
        "restype",
        "snapshot",
        "timeout",
    ];

    private static readonly SearchValues<char> AccountLetters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyz0123456789"
    );

    private static readonly SearchValues<char> ContainerLetters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyz0123456789-"
    );

    /// <summary>Whether all below <see cref="Name"/> is meant.</summary>
    public bool IsPrefix => Name.Length == 0 || Name.EndsWith('/');

    /// <summary>The version of the blob, encoded as it was written; null for the present one.</summary>
    public string? VersionId { get; private init; }

    /// <summary>The shared access signature of the reference, without '?': a secret; null without one.</summary>
    public string? Signature { get; private init; }

    /// <summary>Reads a reference.</summary>
    /// <exception cref="ReferenceException">The reference names no such place.</exception>
    public static BlobPlace Of(ModelReference reference)
    {
        var uri = reference.Uri;
        if (uri.UserInfo.Length > 0 || !uri.IsDefaultPort)
            throw Fault(reference, $"has more than an account before its container. Write {Form}");
        if (uri.Host.Length is < 3 or > 24 || uri.Host.AsSpan().ContainsAnyExcept(AccountLetters))
            throw Fault(
                reference,
                $"names the storage account '{uri.Host}', and an account has 3 to 24 lower-case letters and digits. Write {Form}"
            );
        var path = Uri.UnescapeDataString(uri.AbsolutePath).TrimStart('/');
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var container = slash < 0 ? path : path[..slash];
        if (FaultInContainer(container) is { } fault)
            throw Fault(reference, fault);
        var place = Query(new BlobPlace(reference, uri.Host, container, slash < 0 ? "" : path[(slash + 1)..]));
        return place is { VersionId: not null, IsPrefix: true }
            ? throw Fault(reference, "names the version of a prefix, and only a blob has versions. Name a blob")
            : place;
    }

    private static BlobPlace Query(BlobPlace place)
    {
        var signature = new List<string>();
        string? version = null;
        foreach (var part in place.Reference.Uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = (equals < 0 ? part : part[..equals]).ToLowerInvariant();
            if (Array.IndexOf(Ours, name) >= 0)
                throw Fault(place.Reference, $"has '{name}' in its query, which belongs to no reference. Take it out");
            if (name == "versionid" && equals >= 0)
                version = part[(equals + 1)..];
            else
                signature.Add(part);
        }
        if (signature.Count > 0 && !signature.Exists(part => part.StartsWith("sig=", StringComparison.Ordinal)))
            throw Fault(
                place.Reference,
                "has a query that is neither a version (versionid=…) nor a shared access signature (sv=…&sig=…). Take it out"
            );
        return place with { VersionId = version, Signature = signature.Count > 0 ? string.Join('&', signature) : null };
    }

    // https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
    private static string? FaultInContainer(string name)
    {
        if (name.Length == 0)
            return $"names no container. Write {Form}";
        // Made by Azure itself.
        if (name is "$root" or "$web" or "$logs")
            return null;
        return
            name.Length is < 3 or > 63
            || name.AsSpan().ContainsAnyExcept(ContainerLetters)
            || name[0] == '-'
            || name[^1] == '-'
            || name.Contains("--", StringComparison.Ordinal)
            ? $"names the container '{name}', and a container has 3 to 63 lower-case letters, digits and single '-', none at its ends. Write {Form}"
            : null;
    }

    private static ReferenceException Fault(ModelReference reference, string fault) =>
        new(reference.Text, $"'{reference}' {fault}.");
}
