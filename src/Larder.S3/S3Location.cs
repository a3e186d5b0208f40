using System.Text;
using Larder.Origins;

namespace Larder.S3;

/// <summary>What a reference names: a bucket, a key or a prefix in it, and perhaps one version of an object.</summary>
/// <param name="Bucket">The name of the bucket.</param>
/// <param name="Key">The object, or the prefix where it is empty or ends with a slash.</param>
/// <param name="VersionId">The version of the object that is meant; null for the present one.</param>
internal sealed record S3Location(string Bucket, string Key, string? VersionId)
{
    private const int MaxKeyBytes = 1024;

    /// <summary>Whether all objects below the key are meant.</summary>
    public bool IsPrefix => Key.Length == 0 || Key.EndsWith('/');

    /// <summary>What the keys of all objects below it begin with.</summary>
    public string Prefix => IsPrefix ? Key : Key + "/";

    /// <summary>
    /// Whether no other bytes can ever be meant. The version <c>null</c> is the one that is written over where versions are
    /// not kept.
    /// </summary>
    public bool IsFixed => VersionId is not (null or "null");

    /// <summary>The last part of the key: the name of a single object's file.</summary>
    public string Name => Key[(Key.LastIndexOf('/') + 1)..];

    /// <summary>Reads a reference.</summary>
    /// <exception cref="ReferenceException">It names no bucket, or says more than a bucket, a key and a version.</exception>
    public static S3Location Of(ModelReference reference)
    {
        var uri = reference.Uri;
        if (uri.UserInfo.Length > 0)
            throw Fault(
                "has credentials in it, which are not read there: set AWS_ACCESS_KEY_ID and the like, or a profile"
            );
        if (!uri.IsDefaultPort)
            throw Fault(
                "has a port. The server is set as origins.s3.endpoint or AWS_ENDPOINT_URL; write s3://bucket/key"
            );
        if (!IsBucket(uri.Host))
            throw Fault(
                "names no bucket: 3 to 63 lower-case letters, digits, '.', '-' and '_' are. Write s3://bucket/prefix/ or s3://bucket/key"
            );
        var key = Uri.UnescapeDataString(uri.AbsolutePath)[1..];
        // The SDK signs such a key otherwise than it sends it, and nobody meant it.
        if (key.StartsWith('/'))
            throw Fault("has two slashes behind the bucket. Write one");
        if (Encoding.UTF8.GetByteCount(key) > MaxKeyBytes)
            throw Fault($"has a key of more than {MaxKeyBytes} bytes, the most that S3 has");
        var location = new S3Location(uri.Host, key, VersionOf(uri.Query));
        return location is { VersionId: not null, IsPrefix: true }
            ? throw Fault("has a versionId, which only a single object has: name one, without a slash at its end")
            : location;

        ReferenceException Fault(string what) => new(reference.Text, $"'{reference}' {what}.");

        string? VersionOf(string query)
        {
            if (query.Length <= 1)
                return null;
            return
                query.StartsWith("?versionId=", StringComparison.Ordinal)
                && !query.Contains('&', StringComparison.Ordinal)
                && Uri.UnescapeDataString(query["?versionId=".Length..]) is { Length: > 0 } version
                ? version
                : throw Fault(
                    "has a query other than '?versionId=' and a version, which is all that Larder knows there"
                );
        }
    }

    /// <summary>Throws when a server sent another version than the one that is named.</summary>
    public void ThrowIfOther(ModelReference reference, S3Connection connection, string? sent)
    {
        // One that keeps no versions has no word for that.
        if (IsFixed && sent != VersionId)
            throw S3Failures.NotFound(
                reference,
                $"{connection.Place} sent another version of '{reference}' than the one that is asked for. Check that it keeps versions of the bucket '{Bucket}'"
            );
    }

    private static bool IsBucket(string host) =>
        host.Length is >= 3 and <= 63
        && host.All(letter =>
            char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.' or '-' or '_'
        );
}
