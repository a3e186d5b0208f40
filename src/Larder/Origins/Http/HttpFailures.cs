using System.Globalization;
using Larder.Content;

namespace Larder.Origins.Http;

/// <summary>What answers that are not what was asked for mean to who pulls.</summary>
internal static class HttpFailures
{
    /// <summary>The failure that an answer other than the one hoped for stands for.</summary>
    public static OriginException Refused(ModelReference reference, HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var said = string.Create(CultureInfo.InvariantCulture, $"the server answered {status} {response.ReasonPhrase}");
        return status switch
        {
            404 or 410 => new OriginException(
                OriginFailure.NotFound,
                reference.Text,
                $"There is nothing at '{reference}': {said}. Check the reference."
            ),
            401 or 403 or 407 => new OriginException(
                OriginFailure.Denied,
                reference.Text,
                $"'{reference}' may not be read: {said}. Check the credentials."
            ),
            408 or 429 or >= 500 => Unavailable(reference, said, retryAfter: RetryAfter(response)),
            _ => Broken(reference, said),
        };
    }

    /// <summary>Throws when an answer has other bytes than the part that was asked for.</summary>
    /// <param name="reference">What is pulled.</param>
    /// <param name="sizeBytes">The length of the whole file, as it was listed.</param>
    /// <param name="asked">The part.</param>
    /// <param name="response">The answer, of status 206.</param>
    public static void ThrowIfOtherRange(
        ModelReference reference,
        long? sizeBytes,
        ByteRange asked,
        HttpResponseMessage response
    )
    {
        var sent = response.Content.Headers.ContentRange;
        if (
            sent?.From != asked.Offset
            || sent.To != asked.Offset + asked.Length - 1
            || (sent.Length is { } length && length != sizeBytes)
        )
            throw Broken(
                reference,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"bytes {asked.Offset}-{asked.Offset + asked.Length - 1}/{sizeBytes} were asked for, and '{sent}' was sent"
                )
            );
    }

    /// <summary>Throws when an answer's body is not the plain bytes that were asked for.</summary>
    public static void ThrowIfEncoded(ModelReference reference, HttpResponseMessage response)
    {
        if (response.Content.Headers.ContentEncoding.Count > 0)
            throw new OriginException(
                OriginFailure.Broken,
                reference.Text,
                $"'{reference}' was sent as {string.Join(", ", response.Content.Headers.ContentEncoding)} although plain bytes were asked for. Switch compression off for it at the server."
            );
    }

    public static OriginException NoRanges(ModelReference reference) =>
        new(
            OriginFailure.NoRanges,
            reference.Text,
            $"'{reference}' was sent whole where a part was asked for, although its server says that it has parts."
        );

    public static OriginException Changed(ModelReference reference) =>
        new(
            OriginFailure.Changed,
            reference.Text,
            $"'{reference}' changed or vanished after it was listed. Pull again when it is complete."
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

    /// <summary>How long a server asks to be left alone; null where it does not say.</summary>
    // RFC 9110, 10.2.3: seconds, or a date. The date is the server's, and so is the one that it is measured by.
    public static TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } when response.Headers.Date is { } now && date > now => date - now,
            _ => null,
        };
}
