using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Larder.Sharing;

namespace Larder.S3;

/// <summary>The part of a bucket that a team shares, and how it is asked.</summary>
internal sealed class S3Bucket
{
    private readonly S3Connection _connection;
    private readonly S3Location _place;

    // Where one object was seen or written the bucket is there, and an answer without a reason need not be asked for it.
    private volatile bool _isThere;

    public S3Bucket(S3Connection connection, S3Location place, string location)
    {
        (_connection, _place) = (connection, place);
        Failures = new S3StoreFailures(location, place.Bucket, connection);
    }

    public S3StoreFailures Failures { get; }

    public string Bucket => _place.Bucket;

    /// <summary>The whole key of an object, or what all keys begin with.</summary>
    public string KeyOf(string name) => _place.Prefix + name;

    /// <summary>The name of an object; null for a key that is none of ours.</summary>
    public string? NameOf(string key) =>
        key.StartsWith(_place.Prefix, StringComparison.Ordinal) ? key[_place.Prefix.Length..] : null;

    /// <summary>When the server gave its last answer, inside what <see cref="SendAsync"/> calls.</summary>
    public DateTimeOffset Now => _connection.ServerTime ?? TimeProvider.System.GetUtcNow();

    /// <summary>Asks the server once.</summary>
    /// <exception cref="SharedStoreException">It did not do what was asked.</exception>
    public async Task<TAnswer> SendAsync<TAnswer>(
        Func<AmazonS3Client, CancellationToken, Task<TAnswer>> send,
        CancellationToken cancellationToken,
        long bodyBytes = 0
    )
    {
        // On another thread, as there are credentials that keep the one that asks for them waiting.
        var answer = await _connection
            .SendAsync(
                Failures,
                timeout => Task.Run(() => _connection.OnceAsync(send, timeout), timeout),
                bodyBytes,
                cancellationToken
            )
            .ConfigureAwait(false);
        _isThere |= answer is not null;
        return answer;
    }

    /// <summary>Looks at an object; null when there is none.</summary>
    public async Task<SharedObject?> TryStatAsync(string name, CancellationToken cancellationToken)
    {
        var seen = await SendAsync((client, timeout) => TryHeadAsync(client, name, timeout), cancellationToken)
            .ConfigureAwait(false);
        // An answer to HEAD has no body that would say whether it is the object that is not there or the bucket.
        if (seen is null && !_isThere)
            seen = await SendAsync((client, timeout) => TryGetAsync(client, name, timeout), cancellationToken)
                .ConfigureAwait(false);
        return seen;
    }

    public SharedObject Describe(string name, long sizeBytes, string? etag, DateTimeOffset? modified) =>
        ObjectVersion.Of(etag, isSingle: true) is { } version
            ? new SharedObject(name, sizeBytes, version.ETag, modified ?? Now)
            : throw Failures.Broken(
                $"its server tells no ETag of '{name}', without which a change of it would not show"
            );

    public static DateTimeOffset? Time(DateTime? time) =>
        time is { } known ? new DateTimeOffset(known.ToUniversalTime()) : null;

    /// <summary>Whether an answer says that there is no such object, though there is the bucket.</summary>
    public static bool IsAbsent(AmazonServiceException failure) =>
        failure.StatusCode == HttpStatusCode.NotFound && failure.ErrorCode != "NoSuchBucket";

    private async Task<SharedObject?> TryHeadAsync(
        AmazonS3Client client,
        string name,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var head = await client
                .GetObjectMetadataAsync(
                    new GetObjectMetadataRequest { BucketName = Bucket, Key = KeyOf(name) },
                    cancellationToken
                )
                .ConfigureAwait(false);
            return Describe(name, head.ContentLength, head.ETag, Time(head.LastModified));
        }
        catch (AmazonServiceException absent) when (IsAbsent(absent))
        {
            return null;
        }
        catch (AmazonServiceException refused)
            when (refused.StatusCode
                    is HttpStatusCode.BadRequest
                        or HttpStatusCode.Unauthorized
                        or HttpStatusCode.Forbidden
            )
        {
            // Why, only an answer to GET says.
            return await TryGetAsync(client, name, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<SharedObject?> TryGetAsync(
        AmazonS3Client client,
        string name,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var got = await client
                .GetObjectAsync(new GetObjectRequest { BucketName = Bucket, Key = KeyOf(name) }, cancellationToken)
                .ConfigureAwait(false);
            return Describe(name, got.ContentLength, got.ETag, Time(got.LastModified));
        }
        catch (AmazonServiceException absent) when (IsAbsent(absent))
        {
            return null;
        }
    }
}
