using System.Globalization;
using Amazon.Runtime;
using Larder.Sharing;

namespace Larder.S3;

/// <summary>What failures mean to who shares a bucket.</summary>
/// <remarks>As with <see cref="S3Failures"/>, nothing that the server said is shown but its code.</remarks>
internal sealed class S3StoreFailures(string location, string bucket, S3Connection connection) : IS3Failures
{
    public Exception Answered(AmazonServiceException failure)
    {
        var status = (int)failure.StatusCode;
        if (status == 0)
            return NoAnswer(failure);
        var code = S3Failures.Plain(failure.ErrorCode) is var word && word.All(char.IsAsciiDigit) ? "" : word;
        var said = string.Create(CultureInfo.InvariantCulture, $"{connection.Place} answered {status} {code}")
            .TrimEnd();
        if (S3Failures.Refusal(code, connection) is { } why)
            return Of(SharedFailure.Denied, $"may not be used: {why} ({said})");
        return (status, code) switch
        {
            (507, _) or (_, "QuotaExceeded" or "InsufficientStorage" or "XMinioStorageFull" or "StorageFull") => Of(
                SharedFailure.Full,
                $"has no room: {said}. Remove what is no longer used ('larder shared prune'), or raise its quota"
            ),
            (404, "NoSuchBucket") => NoBucket(said),
            (404, "NoSuchUpload") => Of(
                SharedFailure.Unavailable,
                $"lost what had been sent of a file ({said}): somebody removed it, or a rule that is too quick. Try again"
            ),
            (400, "RequestTimeout" or "SlowDown" or "Throttling") or (408 or 409 or 429 or (>= 500 and not 501), _) =>
                Of(
                    SharedFailure.Unavailable,
                    $"cannot be used now: {said}. Try again later",
                    retryAfter: S3Failures.RetryAfter(failure)
                ),
            // The bytes were not those that were signed: changed on the way, or in the file while it was read.
            (400, "BadDigest" or "XAmzContentSHA256Mismatch" or "IncompleteBody") => Of(
                SharedFailure.Unavailable,
                $"got other bytes than were sent ({said}). Try again"
            ),
            (401 or 403 or 407, _) => Of(
                SharedFailure.Denied,
                connection.IsAnonymous
                    ? $"may not be used without credentials ({said})"
                    : $"may not be used so: the credentials lack the right ({said}). s3:ListBucket on the bucket and s3:GetObject on its objects are needed to read, s3:PutObject and s3:AbortMultipartUpload to write, s3:DeleteObject to prune; where the first is missing, S3 refuses objects that are not there too"
            ),
            (301 or 302 or 307, _) or (_, "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException") => Of(
                SharedFailure.Broken,
                $"is in another region or at another address ({said}). Check AWS_REGION and AWS_ENDPOINT_URL"
            ),
            (501, _) => Of(
                SharedFailure.Broken,
                $"cannot be shared: its server lacks what that needs, such as writes on condition ({said}). Use another server, or the store read only"
            ),
            _ => Of(SharedFailure.Broken, $"cannot be used: {said}"),
        };
    }

    public Exception NoAnswer(Exception failure)
    {
        for (var inner = failure; inner is not null; inner = inner.InnerException)
        {
            if (inner is HttpRequestException or IOException)
                return Of(
                    SharedFailure.Unavailable,
                    $"cannot be reached: {connection.Place} does not answer ({inner.Message.TrimEnd('.')}). Try again later",
                    inner
                );
        }
        return Broken($"{connection.Place} did not answer as an S3 server does. Check AWS_ENDPOINT_URL");
    }

    public Exception NoAnswerIn(TimeSpan timeout) =>
        Of(
            SharedFailure.Unavailable,
            string.Create(
                CultureInfo.InvariantCulture,
                $"cannot be reached: no answer from {connection.Place} within {timeout.TotalSeconds} s. Try again later"
            )
        );

    public Exception NoCredentials(Exception failure) =>
        Of(
            SharedFailure.Denied,
            "cannot be used, as no credentials could be had. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or sign in. What was tried stands inside this failure (--verbose)",
            failure
        );

    public SharedStoreException NoBucket(string said) =>
        Of(
            SharedFailure.NotFound,
            $"cannot be used: there is no bucket '{bucket}' ({said}). Make it, or check its name"
        );

    public SharedStoreException Changed(SharedObject seen) =>
        new(
            SharedFailure.Changed,
            location,
            $"The object '{seen.Name}' in '{location}' changed or vanished after it was seen. Look at it again."
        );

    public SharedStoreException Busy(string name) =>
        Of(SharedFailure.Unavailable, $"is just being written to by others, at '{name}'. Try again");

    public SharedStoreException Broken(string what) => Of(SharedFailure.Broken, $"cannot be used: {what}");

    private SharedStoreException Of(
        SharedFailure failure,
        string what,
        Exception? inner = null,
        TimeSpan? retryAfter = null
    ) => new(failure, location, $"The shared store '{location}' {what}.", inner) { RetryAfter = retryAfter };
}
