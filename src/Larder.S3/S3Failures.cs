using System.Globalization;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Larder.Origins;

namespace Larder.S3;

/// <summary>What the SDK's failures mean to who pulls.</summary>
/// <remarks>
/// The texts are our own, and what the server said is left out but for its code: it echoes access keys, session tokens and
/// signatures to whoever sends wrong ones. For the same reason a failure that the server answered is not kept as the inner one.
/// </remarks>
internal static class S3Failures
{
    /// <summary>What an answer of the server that is a failure stands for.</summary>
    public static OriginException Of(
        ModelReference reference,
        S3Location location,
        S3Connection connection,
        AmazonServiceException failure
    )
    {
        // No answer at all is one of these too, with what happened inside it.
        if ((int)failure.StatusCode == 0)
            return NoAnswer(reference, connection, failure);
        var status = (int)failure.StatusCode;
        // An answer without a body has the status for its code.
        var code = Plain(failure.ErrorCode) is var word && word.All(char.IsAsciiDigit) ? "" : word;
        var said = string.Create(CultureInfo.InvariantCulture, $"{connection.Place} answered {status} {code}")
            .TrimEnd();
        if (OtherRegion(reference, location, failure, said) is { } moved)
            return moved;
        if (Refusal(code, connection) is { } why)
            return Denied(reference, $"{why} ({said})");
        return status switch
        {
            404 when code == "NoSuchBucket" => NotFound(
                reference,
                $"There is no bucket '{location.Bucket}' at {connection.Place}. Check the reference, and origins.s3.endpoint"
            ),
            404 => NotFound(reference, $"There is nothing at '{reference}': {said}. Check the reference"),
            405 when location.VersionId is not null => NotFound(
                reference,
                $"The version of '{reference}' that is asked for marks that the object was deleted. Name another"
            ),
            400 when code is "RequestTimeout" or "SlowDown" or "Throttling" => Unavailable(
                reference,
                said,
                retryAfter: RetryAfter(failure)
            ),
            400 when location.VersionId is not null => NotFound(
                reference,
                $"There is no such version of '{reference}': {said}. Check its versionId"
            ),
            // Conditions and parts are of what was listed before.
            412 or 416 => Changed(reference, location.Key),
            401 or 403 or 407 => Denied(
                reference,
                reference.IsUntrusted
                        ? $"it is not open to all, and references of callers are asked for without the operator's credentials ({said}). The operator can name the model in the configuration"
                    : connection.IsAnonymous
                        ? $"it is not open to all, and origins.s3.anonymous says to ask without credentials ({said})"
                    : $"the credentials lack the right ({said}). s3:ListBucket on the bucket and s3:GetObject on its objects are needed, and where the first is missing S3 refuses objects that are not there too"
            ),
            408 or 429 or >= 500 => Unavailable(reference, said, retryAfter: RetryAfter(failure)),
            200 => NoS3Server(reference, connection),
            _ => Broken(reference, said),
        };
    }

    /// <summary>Whether a request fails because of when or where it was signed for.</summary>
    public static bool IsOfClockOrRegion(AmazonServiceException failure) =>
        failure.ErrorCode == "RequestTimeTooSkewed" || IsOfRegion(failure);

    /// <summary>Why no answer came that can be read.</summary>
    public static OriginException NoAnswer(ModelReference reference, S3Connection connection, Exception failure)
    {
        for (var inner = failure; inner is not null; inner = inner.InnerException)
        {
            if (inner is HttpRequestException or IOException)
                return Unavailable(
                    reference,
                    $"{connection.Place} does not answer: {inner.Message.TrimEnd('.')}",
                    inner
                );
        }
        return NoS3Server(reference, connection);
    }

    /// <summary>Why nothing was sent.</summary>
    public static OriginException NoCredentials(ModelReference reference, Exception failure) =>
        Denied(
            reference,
            "no credentials could be had. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, sign in, or set origins.s3.anonymous where the bucket is open to all. What was tried stands inside this failure (--verbose)",
            failure
        );

    public static OriginException NoS3Server(ModelReference reference, S3Connection connection) =>
        Broken(reference, $"{connection.Place} did not answer as an S3 server does. Check origins.s3.endpoint");

    public static OriginException NotFound(ModelReference reference, string what) =>
        new(OriginFailure.NotFound, reference.Text, $"{what}.");

    public static OriginException Changed(ModelReference reference, string key) =>
        new(
            OriginFailure.Changed,
            reference.Text,
            $"The object '{key}' changed or vanished after it was listed for '{reference}'. Pull again when the model is complete."
        );

    public static OriginException NoRanges(ModelReference reference, string key) =>
        new(
            OriginFailure.NoRanges,
            reference.Text,
            $"The object '{key}' of '{reference}' was sent whole where a part was asked for."
        );

    public static OriginException Broken(ModelReference reference, string what, Exception? inner = null) =>
        new(OriginFailure.Broken, reference.Text, $"'{reference}' cannot be read: {what}.", inner);

    public static OriginException Unavailable(
        ModelReference reference,
        string what,
        Exception? inner = null,
        TimeSpan? retryAfter = null
    ) =>
        new(
            OriginFailure.Unavailable,
            reference.Text,
            $"'{reference}' cannot be reached: {what}. Try again later.",
            inner
        )
        {
            RetryAfter = retryAfter,
        };

    private static OriginException Denied(ModelReference reference, string why, Exception? inner = null) =>
        new(OriginFailure.Denied, reference.Text, $"'{reference}' may not be read: {why}.", inner);

    /// <summary>What a code means that is said of credentials, and what to do; null for another.</summary>
    public static string? Refusal(string code, S3Connection connection) =>
        code switch
        {
            "InvalidAccessKeyId" =>
                $"the access key is not known there. Check AWS_ACCESS_KEY_ID or the profile, and that it belongs to {connection.Place}",
            "SignatureDoesNotMatch" =>
                "the secret key does not belong to the access key. Check AWS_SECRET_ACCESS_KEY or the profile",
            "ExpiredToken" or "ExpiredTokenException" or "TokenRefreshRequired" =>
                "the session has expired. Sign in again, or get new temporary credentials",
            "InvalidToken" => "the session token is not valid. Check AWS_SESSION_TOKEN: long-lived keys have none",
            "RequestTimeTooSkewed" or "RequestExpired" =>
                "the clock of this machine and the server's differ too much. Set the clock",
            "InvalidObjectState" =>
                "it lies in an archive, which cannot be read from. Restore it first, or copy it to another storage class",
            _ => null,
        };

    private static bool IsOfRegion(AmazonServiceException failure) =>
        (int)failure.StatusCode is 301 or 302 or 307
        || failure.ErrorCode is "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException";

    private static OriginException? OtherRegion(
        ModelReference reference,
        S3Location location,
        AmazonServiceException failure,
        string said
    )
    {
        if (!IsOfRegion(failure))
            return null;
        var region = Plain(Header(failure, "x-amz-bucket-region") ?? RegionIn(failure.Message));
        return region.Length > 0
            ? Broken(
                reference,
                $"the bucket '{location.Bucket}' is in the region {region} ({said}). Set origins.s3.region or AWS_REGION to it"
            )
            : Broken(
                reference,
                $"the bucket '{location.Bucket}' is in another region or at another address ({said}). Check origins.s3.region and origins.s3.endpoint"
            );
    }

    // "… the region 'us-east-1' is wrong; expecting 'eu-central-1'"
    private static string? RegionIn(string message)
    {
        const string Start = "expecting '";
        var start = message.IndexOf(Start, StringComparison.Ordinal);
        return start < 0 ? null : message[(start + Start.Length)..].Split('\'')[0];
    }

    /// <summary>How long the server asks to be left alone; null where it does not say.</summary>
    public static TimeSpan? RetryAfter(AmazonServiceException failure) =>
        int.TryParse(Header(failure, "Retry-After"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static string? Header(AmazonServiceException failure, string name)
    {
        for (var inner = failure.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (inner is HttpErrorResponseException { Response: { } response })
                return response.IsHeaderPresent(name) ? response.GetHeaderValue(name) : null;
        }
        return null;
    }

    /// <summary>A word of the server's own, which is shown only where it is one; else nothing.</summary>
    public static string Plain(string? word) =>
        word is { Length: > 0 and <= 64 }
        && word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.')
            ? word
            : "";
}
