using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Amazon.Runtime;
using Amazon.S3.Model;
using Larder.Origins;
using ByteRange = Larder.Content.ByteRange;

namespace Larder.S3;

/// <summary>Opens an object in the version that was listed.</summary>
internal sealed class S3Reader(S3Connection connection, ModelReference reference)
{
    private readonly S3Location _location = S3Location.Of(reference);

    public async Task<Stream> OpenAsync(OriginFile file, ByteRange? range, CancellationToken cancellationToken)
    {
        var version = ObjectVersion.Parse(file.Version);
        var key = version.IsSingle ? _location.Key : _location.Prefix + file.Path;
        if (file.SizeBytes == 0)
            return await OpenEmptyAsync(key, version, cancellationToken).ConfigureAwait(false);

        var request = Request(key, version, Part(file, range));
        var response = await SendAsync(key, timeout => connection.ReadAsync(request, timeout), cancellationToken)
            .ConfigureAwait(false);
        try
        {
            // Where a server does not know the condition, or a weak mark cannot be one.
            if (ObjectVersion.Of(response.ETag, version.IsSingle) != version)
                throw S3Failures.Changed(reference, key);
            _location.ThrowIfOther(reference, connection, response.VersionId);
            if (response.HttpStatusCode == HttpStatusCode.PartialContent)
                ThrowIfOther(key, file.SizeBytes, range ?? new ByteRange(0, file.SizeBytes!.Value), response);
            else if (range is not null)
                throw S3Failures.NoRanges(reference, key);
            return new OriginStream(new S3Body(response, reference, key), mostBytes: range?.Length ?? long.MaxValue);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    // Of an object that is asked for whole the SDK takes the ETag for an MD5, and fails where it is none. All of it as a part
    // is the same bytes; only where checksums are wanted, it is what has them.
    private ByteRange? Part(OriginFile file, ByteRange? range) =>
        range ?? (connection.ChecksWholeObjects ? null : new ByteRange(0, file.SizeBytes!.Value));

    // There is no part of nothing: to ask for one is to be told that it still is the empty object that was listed, as a server
    // looks at the condition first.
    private async Task<Stream> OpenEmptyAsync(string key, ObjectVersion version, CancellationToken cancellationToken)
    {
        var isSame = await SendAsync(
                key,
                async timeout =>
                {
                    try
                    {
                        var request = Request(key, version, new ByteRange(0, 1));
                        using var response = await connection.ReadAsync(request, timeout).ConfigureAwait(false);
                        return response.ContentLength == 0
                            && ObjectVersion.Of(response.ETag, version.IsSingle) == version;
                    }
                    catch (AmazonServiceException none)
                        when (none.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                    {
                        return true;
                    }
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        return isSame ? new MemoryStream([], writable: false) : throw S3Failures.Changed(reference, key);
    }

    private GetObjectRequest Request(string key, ObjectVersion version, ByteRange? part)
    {
        var request = new GetObjectRequest
        {
            BucketName = _location.Bucket,
            Key = key,
            VersionId = _location.VersionId,
            EtagToMatch = version.IsWeak ? null : version.Quoted,
        };
        if (part is { } asked)
            request.ByteRange = new Amazon.S3.Model.ByteRange(asked.Offset, asked.Offset + asked.Length - 1);
        return request;
    }

    private async Task<TAnswer> SendAsync<TAnswer>(
        string key,
        Func<CancellationToken, Task<TAnswer>> send,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await connection.SendAsync(reference, _location, send, cancellationToken).ConfigureAwait(false);
        }
        catch (OriginException gone) when (gone.Failure is OriginFailure.NotFound or OriginFailure.Changed)
        {
            throw S3Failures.Changed(reference, key);
        }
    }

    private void ThrowIfOther(string key, long? sizeBytes, ByteRange asked, GetObjectResponse response)
    {
        var last = asked.Offset + asked.Length - 1;
        if (
            !ContentRangeHeaderValue.TryParse(response.ContentRange, out var sent)
            || sent.From != asked.Offset
            || sent.To != last
            || (sent.Length is { } length && length != sizeBytes)
        )
            throw S3Failures.Broken(
                reference,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"bytes {asked.Offset}-{last}/{sizeBytes} of '{key}' were asked for, and '{response.ContentRange}' was sent"
                )
            );
    }
}
