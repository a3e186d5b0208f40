using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Larder.Content;
using Larder.Origins;
using Larder.Sharing;
using ByteRange = Larder.Content.ByteRange;

namespace Larder.S3;

/// <summary>Objects in a bucket of S3, or of a server that speaks its protocol, for a team: <c>s3://bucket/prefix</c>.</summary>
/// <remarks>
/// <para>
/// The server must keep <c>If-None-Match: *</c> and <c>If-Match</c> of writes; AWS, Ceph, MinIO and R2 do. An object's tag is
/// its ETag, which for small objects is a hash of the bytes: the same bytes written again may have the same tag.
/// </para>
/// <para>
/// A large file is sent in parts of 8 MiB or more, four at a time, read from the file as they are sent. Parts of an upload that
/// broke off are removed; where that fails too they stay until a lifecycle rule of the bucket
/// (<c>AbortIncompleteMultipartUpload</c>) removes them, and cost their room until then.
/// </para>
/// <para>
/// To remove on condition, the object is looked at just before, and the condition is sent with the removal as well: AWS and
/// recent servers keep it, older ones (Ceph before Squid among them) pass it over, and there an object that is replaced between
/// the look and the removal, some milliseconds, is removed in its new version. So prune with a grace period.
/// </para>
/// </remarks>
public sealed class S3SharedStore : ISharedStore, IDisposable
{
    internal const string BinaryType = "application/octet-stream";

    private const int MaxPrefixBytes = 1024 - SharedName.MaxLength;

    private readonly S3Location _place;
    private readonly Lazy<S3Bucket> _bucket;
    private S3Connection? _connection;

    // Ceph up to Quincy knows the tag of a write's condition without quotes only, where the standard and AWS have them.
    private volatile bool _takesBareTags;

    /// <summary>Creates the store; it connects to nothing before it is used.</summary>
    /// <param name="location">Where it is: <c>s3://bucket</c> or <c>s3://bucket/prefix</c>.</param>
    /// <param name="options">The server and how it is asked; the defaults when null.</param>
    /// <exception cref="ReferenceException">The location names no bucket, or more than a bucket and a prefix.</exception>
    public S3SharedStore(string location, S3OriginOptions? options = null)
    {
        var reference = ModelReference.Parse(location);
        options ??= new S3OriginOptions();
        options.Validate();
        if (reference.Scheme != "s3")
            throw Fault("is no place in S3. Write s3://bucket/prefix");
        var place = S3Location.Of(reference);
        if (place.VersionId is not null)
            throw Fault("has a versionId, and a shared store has none. Take it out");
        if (System.Text.Encoding.UTF8.GetByteCount(place.Prefix) > MaxPrefixBytes)
            throw Fault($"has a prefix of more than {MaxPrefixBytes} bytes, and no room for names is left");
        _place = place;
        Location = reference.Text.TrimEnd('/');
        _bucket = new Lazy<S3Bucket>(() => Connect(options));

        ReferenceException Fault(string what) => new(reference.Text, $"'{reference}' {what}.");
    }

    /// <inheritdoc/>
    public string Name => "s3";

    /// <inheritdoc/>
    public string Location { get; }

    /// <summary>For tests: how many objects a page of a list has.</summary>
    internal int ListPageSize { get; init; } = 1000;

    private S3Bucket Bucket
    {
        get
        {
            try
            {
                return _bucket.Value;
            }
            catch (ArgumentException wrong)
            {
                throw new SharedStoreException(
                    SharedFailure.Broken,
                    Location,
                    $"The shared store '{Location}' cannot be used: {wrong.Message}",
                    wrong
                );
            }
        }
    }

    /// <inheritdoc/>
    public async Task<SharedDocument?> TryReadAsync(string name, int mostBytes, CancellationToken cancellationToken)
    {
        SharedName.ThrowIfIllegal(name);
        var document = await Bucket
            .SendAsync((client, timeout) => TryReadAsync(client, name, mostBytes, timeout), cancellationToken)
            .ConfigureAwait(false);
        // Of nothing there is no part, and no server says so twice the same way.
        if (document is { Seen: null })
            return await Bucket.TryStatAsync(name, cancellationToken).ConfigureAwait(false) is { SizeBytes: 0 } empty
                ? new SharedDocument(empty, ReadOnlyMemory<byte>.Empty)
                : throw Bucket.Failures.Busy(name);
        return document?.Document;
    }

    /// <inheritdoc/>
    public Task<SharedObject?> TryStatAsync(string name, CancellationToken cancellationToken)
    {
        SharedName.ThrowIfIllegal(name);
        return Bucket.TryStatAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(SharedObject seen, ByteRange? range, CancellationToken cancellationToken)
    {
        var asked = SharedRange.Of(seen, range);
        SharedName.ThrowIfIllegal(seen.Name);
        if (asked.Length > 0)
            return await Bucket
                .SendAsync((client, timeout) => OpenAsync(client, seen, asked, timeout), cancellationToken)
                .ConfigureAwait(false);
        var now = await Bucket.TryStatAsync(seen.Name, cancellationToken).ConfigureAwait(false);
        return now?.Tag == seen.Tag ? new MemoryStream([], writable: false) : throw Bucket.Failures.Changed(seen);
    }

    /// <inheritdoc/>
    public async Task<SharedObject?> TryWriteAsync(
        string name,
        ReadOnlyMemory<byte> content,
        SharedCondition condition,
        CancellationToken cancellationToken
    )
    {
        SharedName.ThrowIfIllegal(name);
        if (condition.Tag is not { } tag)
        {
            var (written, isBusy) = await TryPutAsync(name, content, ifMatch: null, cancellationToken)
                .ConfigureAwait(false);
            if (isBusy && await Bucket.TryStatAsync(name, cancellationToken).ConfigureAwait(false) is null)
                throw Bucket.Failures.Busy(name);
            return written;
        }
        for (var isLast = false; ; isLast = true)
        {
            var isBare = _takesBareTags;
            var (written, isBusy) = await TryPutAsync(
                    name,
                    content,
                    isBare ? tag : $"\"{tag}\"",
                    cancellationToken
                )
                .ConfigureAwait(false);
            if (written is not null)
                return written;
            var now = await Bucket.TryStatAsync(name, cancellationToken).ConfigureAwait(false);
            if (now?.Tag != tag)
                return null;
            if (isBusy || isLast)
                throw Bucket.Failures.Busy(name);
            // Refused, though it is still the one that was seen: the server reads the condition the other way.
            _takesBareTags = !isBare;
        }
    }

    /// <inheritdoc/>
    /// <remarks>What is there already is written again: a store cannot tell bytes that are wrong.</remarks>
    public async Task UploadAsync(
        string name,
        SharedUpload file,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        SharedName.ThrowIfIllegal(name);
        ArgumentNullException.ThrowIfNull(file);
        using var bytes = SharedUploads.Open(Location, file);
        await new S3Upload(Bucket, name, file, progress).SendAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SharedObject> ListAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        SharedName.ThrowIfIllegalPrefix(prefix);
        string? token = null;
        do
        {
            var request = new ListObjectsV2Request
            {
                BucketName = Bucket.Bucket,
                Prefix = Bucket.KeyOf(prefix),
                MaxKeys = ListPageSize,
                ContinuationToken = token,
            };
            var page = await Bucket
                .SendAsync((client, timeout) => client.ListObjectsV2Async(request, timeout), cancellationToken)
                .ConfigureAwait(false);
            // Any page of a web server's is an empty list to the SDK's parser.
            if (page.Name is null)
                throw Bucket.Failures.Broken("it did not answer as an S3 server does. Check AWS_ENDPOINT_URL");
            foreach (var found in page.S3Objects ?? [])
            {
                if (Bucket.NameOf(found.Key) is { } name && SharedName.IsLegal(name))
                    yield return Bucket.Describe(name, found.Size ?? 0, found.ETag, S3Bucket.Time(found.LastModified));
            }
            var next = page.IsTruncated == true ? page.NextContinuationToken : null;
            if (page.IsTruncated == true && (string.IsNullOrEmpty(next) || next == token))
                throw Bucket.Failures.Broken("its server broke a list off and did not say how it goes on");
            token = next;
        } while (token is not null);
    }

    /// <inheritdoc/>
    /// <remarks>The object is looked at, and then removed on condition where the server knows that: see the remarks of the class.</remarks>
    public async Task<bool> TryDeleteAsync(SharedObject seen, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(seen);
        SharedName.ThrowIfIllegal(seen.Name);
        for (var isLast = false; ; isLast = true)
        {
            var now = await Bucket.TryStatAsync(seen.Name, cancellationToken).ConfigureAwait(false);
            if (now?.Tag != seen.Tag)
                return false;
            if (isLast)
                throw Bucket.Failures.Busy(seen.Name);
            // With quotes, and without for a server that reads it as writes of Ceph do.
            foreach (var tag in new[] { $"\"{seen.Tag}\"", seen.Tag })
            {
                if (await TryRemoveAsync(seen.Name, tag, cancellationToken).ConfigureAwait(false))
                    return true;
            }
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _connection?.Dispose();

    private S3Bucket Connect(S3OriginOptions options)
    {
        _connection = new S3Connection(options, options.Anonymous);
        return new S3Bucket(_connection, _place, Location);
    }

    private async Task<ReadAttempt?> TryReadAsync(
        AmazonS3Client client,
        string name,
        int mostBytes,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var got = await client
                .GetObjectAsync(
                    new GetObjectRequest
                    {
                        BucketName = Bucket.Bucket,
                        Key = Bucket.KeyOf(name),
                        // One more than is wanted. Of all of it the SDK takes the ETag for an MD5, and fails where it is none.
                        ByteRange = new Amazon.S3.Model.ByteRange(0, mostBytes),
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            var sizeBytes =
                ContentRangeHeaderValue.TryParse(got.ContentRange, out var sent) && sent.Length is { } all
                    ? all
                    : got.ContentLength;
            if (sizeBytes > mostBytes)
                throw Bucket.Failures.Broken(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the object '{name}' has {sizeBytes} bytes, and at most {mostBytes} are read"
                    )
                );
            var content = new byte[sizeBytes];
            await got.ResponseStream.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false);
            var seen = Bucket.Describe(name, sizeBytes, got.ETag, S3Bucket.Time(got.LastModified));
            return new ReadAttempt(seen, new SharedDocument(seen, content));
        }
        catch (AmazonServiceException empty) when (empty.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return new ReadAttempt(Seen: null, Document: null);
        }
        catch (AmazonServiceException absent) when (S3Bucket.IsAbsent(absent))
        {
            return null;
        }
    }

    private async Task<Stream> OpenAsync(
        AmazonS3Client client,
        SharedObject seen,
        ByteRange asked,
        CancellationToken cancellationToken
    )
    {
        GetObjectResponse got;
        try
        {
            got = await client
                .GetObjectAsync(
                    new GetObjectRequest
                    {
                        BucketName = Bucket.Bucket,
                        Key = Bucket.KeyOf(seen.Name),
                        EtagToMatch = $"\"{seen.Tag}\"",
                        ByteRange = new Amazon.S3.Model.ByteRange(asked.Offset, asked.Offset + asked.Length - 1),
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (AmazonServiceException other)
            when (S3Bucket.IsAbsent(other)
                || other.StatusCode
                    is HttpStatusCode.PreconditionFailed
                        or HttpStatusCode.RequestedRangeNotSatisfiable
            )
        {
            throw Bucket.Failures.Changed(seen);
        }
        if (ObjectVersion.Of(got.ETag, isSingle: true)?.ETag == seen.Tag && IsOf(got, asked))
            return new OriginStream(got.ResponseStream, got, asked.Length);
        var isOther = ObjectVersion.Of(got.ETag, isSingle: true)?.ETag != seen.Tag;
        got.Dispose();
        throw isOther
            ? Bucket.Failures.Changed(seen)
            : Bucket.Failures.Broken($"its server sent another part of '{seen.Name}' than it was asked for");
    }

    // A server that sends all where all is asked for keeps its word.
    private static bool IsOf(GetObjectResponse got, ByteRange asked) =>
        ContentRangeHeaderValue.TryParse(got.ContentRange, out var sent)
            ? sent.From == asked.Offset && sent.To == asked.Offset + asked.Length - 1
            : asked.Offset == 0 && got.ContentLength == asked.Length;

    private Task<(SharedObject? Written, bool IsBusy)> TryPutAsync(
        string name,
        ReadOnlyMemory<byte> content,
        string? ifMatch,
        CancellationToken cancellationToken
    ) =>
        Bucket.SendAsync<(SharedObject?, bool)>(
            async (client, timeout) =>
            {
                using var body = new MemoryStream(content.ToArray(), writable: false);
                try
                {
                    var put = await client
                        .PutObjectAsync(
                            new PutObjectRequest
                            {
                                BucketName = Bucket.Bucket,
                                Key = Bucket.KeyOf(name),
                                InputStream = body,
                                ContentType = "application/json",
                                IfNoneMatch = ifMatch is null ? "*" : null,
                                IfMatch = ifMatch,
                                UseChunkEncoding = false,
                            },
                            timeout
                        )
                        .ConfigureAwait(false);
                    return (Bucket.Describe(name, content.Length, put.ETag, Bucket.Now), false);
                }
                catch (AmazonServiceException refused)
                    when (refused.StatusCode == HttpStatusCode.PreconditionFailed || S3Bucket.IsAbsent(refused))
                {
                    return (null, false);
                }
                catch (AmazonServiceException conflict)
                    when (conflict.StatusCode == HttpStatusCode.Conflict || IsLostRace(conflict))
                {
                    return (null, true);
                }
            },
            cancellationToken,
            content.Length
        );

    // Ceph's word to all but one of those that replace an object at the same moment.
    private static bool IsLostRace(AmazonServiceException failure) =>
        failure is { StatusCode: HttpStatusCode.InternalServerError, ErrorCode: "UnknownError" };

    private Task<bool> TryRemoveAsync(string name, string ifMatch, CancellationToken cancellationToken) =>
        Bucket.SendAsync(
            async (client, timeout) =>
            {
                try
                {
                    await client
                        .DeleteObjectAsync(
                            new DeleteObjectRequest
                            {
                                BucketName = Bucket.Bucket,
                                Key = Bucket.KeyOf(name),
                                IfMatch = ifMatch,
                            },
                            timeout
                        )
                        .ConfigureAwait(false);
                    return true;
                }
                catch (AmazonServiceException refused)
                    when (refused.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict
                        || S3Bucket.IsAbsent(refused)
                    )
                {
                    return false;
                }
            },
            cancellationToken
        );

    /// <summary>What a read found; without anything seen, an object that may be empty.</summary>
    private sealed record ReadAttempt(SharedObject? Seen, SharedDocument? Document);
}
