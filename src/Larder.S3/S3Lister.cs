using System.Globalization;
using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Larder.Content;
using Larder.Origins;

namespace Larder.S3;

/// <summary>Finds out which objects a reference names.</summary>
internal sealed class S3Lister(S3Connection connection, ModelReference reference)
{
    /// <summary>Nobody means more, and a server that never comes to an end is not followed for ever.</summary>
    internal const int MaxObjects = 1_000_000;

    private const int PageSize = 1000;

    private readonly S3Location _location = S3Location.Of(reference);

    public async Task<OriginListing> ListAsync(CancellationToken cancellationToken)
    {
        if (!_location.IsPrefix && await TryFindAsync(cancellationToken).ConfigureAwait(false) is { } file)
            return new OriginListing([file]) { IsFixed = _location.IsFixed };
        var files = await ListBelowAsync(_location.Prefix, cancellationToken).ConfigureAwait(false);
        return files.Count > 0 ? new OriginListing(files) : throw NothingThere();
    }

    /// <summary>The object of that very name; null where there is none, and perhaps others below it.</summary>
    private async Task<OriginFile?> TryFindAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await connection.SendAsync(reference, _location, FindAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (OriginException failure) when (failure.Failure == OriginFailure.NotFound && _location.VersionId is null)
        {
            return null;
        }
    }

    private async Task<OriginFile> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            var head = await connection
                .Asking.GetObjectMetadataAsync(
                    new GetObjectMetadataRequest
                    {
                        BucketName = _location.Bucket,
                        Key = _location.Key,
                        VersionId = _location.VersionId,
                        ChecksumMode = ChecksumMode.ENABLED,
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            return Single(head.ContentLength, head.ETag, head.VersionId, Checksum(head), head.Metadata);
        }
        catch (AmazonS3Exception refused)
            when (refused.StatusCode
                    is HttpStatusCode.BadRequest
                        or HttpStatusCode.Unauthorized
                        or HttpStatusCode.Forbidden
            )
        {
            // An answer to HEAD has no body to say why. Where GET is answered all the same it is as good.
            using var got = await connection
                .Asking.GetObjectAsync(
                    new GetObjectRequest
                    {
                        BucketName = _location.Bucket,
                        Key = _location.Key,
                        VersionId = _location.VersionId,
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            return Single(got.ContentLength, got.ETag, got.VersionId, digest: null, got.Metadata);
        }
    }

    private OriginFile Single(
        long sizeBytes,
        string etag,
        string? versionId,
        Digest? digest,
        MetadataCollection metadata
    )
    {
        _location.ThrowIfOther(reference, connection, versionId);
        // What its owner wrote beside it counts as the origin's word, as it would in a list of checksums.
        if (digest is null && Digest.TryParse(metadata["sha256"] ?? "", out var written))
            digest = written;
        return File(_location.Name, sizeBytes, etag, isSingle: true) with { Digest = digest };
    }

    // Of an object that was sent in parts it is a hash of their hashes.
    private static Digest? Checksum(GetObjectMetadataResponse head)
    {
        Span<byte> bytes = stackalloc byte[Digest.SizeBytes];
        return
            head.ChecksumType == ChecksumType.FULL_OBJECT
            && Convert.TryFromBase64String(head.ChecksumSHA256 ?? "", bytes, out var length)
            && length == bytes.Length
            ? Digest.FromBytes(bytes)
            : null;
    }

    private async Task<List<OriginFile>> ListBelowAsync(string prefix, CancellationToken cancellationToken)
    {
        var files = new List<OriginFile>();
        var seen = 0;
        string? token = null;
        do
        {
            var page = await ListPageAsync(prefix, token, cancellationToken).ConfigureAwait(false);
            // Any page of a web server's is an empty list to the SDK's parser.
            if (page.Name is null)
                throw S3Failures.NoS3Server(reference, connection);
            foreach (var found in page.S3Objects ?? [])
            {
                if (Below(prefix, found) is { } file)
                    files.Add(file);
            }
            // A page counts even when it is empty: there may be no end of those, too.
            seen += Math.Max(1, page.S3Objects?.Count ?? 0);
            if (seen > MaxObjects)
                throw S3Failures.Broken(
                    reference,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"more than {MaxObjects} objects lie below '{prefix}'. Name a prefix that holds one model"
                    )
                );
            var next = page.IsTruncated == true ? page.NextContinuationToken : null;
            if (page.IsTruncated == true && (string.IsNullOrEmpty(next) || next == token))
                throw S3Failures.Broken(
                    reference,
                    $"{connection.Place} broke the list off and did not say how it goes on"
                );
            token = next;
        } while (token is not null);
        return files;
    }

    private Task<ListObjectsV2Response> ListPageAsync(
        string prefix,
        string? token,
        CancellationToken cancellationToken
    ) =>
        connection.SendAsync(
            reference,
            _location,
            timeout =>
                connection.Asking.ListObjectsV2Async(
                    new ListObjectsV2Request
                    {
                        BucketName = _location.Bucket,
                        Prefix = prefix,
                        MaxKeys = PageSize,
                        ContinuationToken = token,
                    },
                    timeout
                ),
            cancellationToken
        );

    private OriginFile? Below(string prefix, S3Object found)
    {
        // Consoles put one there for a folder that somebody made.
        if (found.Size == 0 && found.Key.EndsWith('/'))
            return null;
        if (!found.Key.StartsWith(prefix, StringComparison.Ordinal))
            throw S3Failures.Broken(
                reference,
                $"{connection.Place} listed {Printable.Quote(found.Key)}, which does not lie below '{prefix}'"
            );
        return File(found.Key[prefix.Length..], found.Size, found.ETag, isSingle: false);
    }

    private OriginFile File(string path, long? sizeBytes, string? etag, bool isSingle) =>
        ObjectVersion.Of(etag, isSingle) is { } version && sizeBytes is not null
            ? new OriginFile(path, sizeBytes, version.ToString(), HasRanges: !version.IsWeak)
            : throw S3Failures.Broken(
                reference,
                $"{connection.Place} tells no length or no ETag of {Printable.Quote(path)}, without which a change of it would not show"
            );

    private OriginException NothingThere() =>
        S3Failures.NotFound(
            reference,
            _location.IsPrefix
                ? $"There are no objects below '{_location.Key}' in the bucket '{_location.Bucket}' at {connection.Place}. Check the reference: a model has at least one"
                : $"There is no object '{_location.Key}' in the bucket '{_location.Bucket}' at {connection.Place}, and none below '{_location.Prefix}'. Check the reference"
        );
}
