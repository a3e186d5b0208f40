using System.Globalization;
using Azure;
using Larder.Origins;

namespace Larder.Azure;

/// <summary>What answers of the Blob service that are not what was asked for mean to who pulls.</summary>
/// <remarks>Of an answer only its status and its code are told: what else it says may repeat the request, its signature included.</remarks>
internal static class BlobFailures
{
    private const string Role = "Storage Blob Data Reader";

    /// <summary>The failure that an answer other than the one hoped for stands for.</summary>
    /// <param name="place">What was asked for.</param>
    /// <param name="subject">What to call it.</param>
    /// <param name="access">By whom.</param>
    /// <param name="response">The answer.</param>
    /// <param name="now">The present time.</param>
    public static OriginException Refused(
        BlobPlace place,
        string subject,
        BlobAccess access,
        Response response,
        DateTimeOffset now
    )
    {
        var code = CodeOf(response);
        var said = string.Create(
            CultureInfo.InvariantCulture,
            $"the service answered {response.Status}{(code.Length > 0 ? $" {code}" : "")}"
        );
        return (response.Status, code) switch
        {
            (404, _) => new OriginException(
                OriginFailure.NotFound,
                place.Reference.Text,
                $"There is nothing at {subject}: {said}. {MissingHint(place, code)}"
            ),
            (401 or 403, _) or (409, "PublicAccessNotPermitted") => new OriginException(
                OriginFailure.Denied,
                place.Reference.Text,
                $"{subject} may not be read: {said}. {DeniedHint(place, access, code, now)}"
            ),
            (409, "BlobArchived") => Broken(
                place.Reference,
                $"{subject} is archived. Move it to the hot, cool or cold tier"
            ),
            (408 or 409 or 429 or >= 500, _) => new OriginException(
                OriginFailure.Unavailable,
                place.Reference.Text,
                $"{subject} cannot be had now: {said}. Try again later."
            )
            {
                RetryAfter = RetryAfter(response),
            },
            _ => Broken(place.Reference, said),
        };
    }

    public static OriginException Changed(ModelReference reference, string subject) =>
        new(
            OriginFailure.Changed,
            reference.Text,
            $"{subject} changed or vanished after it was listed. Pull again when it is complete."
        );

    public static OriginException Broken(ModelReference reference, string what, Exception? inner = null) =>
        new(OriginFailure.Broken, reference.Text, $"'{reference}' cannot be read: {what}.", inner);

    public static OriginException Unavailable(ModelReference reference, string what, Exception inner) =>
        new(
            OriginFailure.Unavailable,
            reference.Text,
            $"'{reference}' cannot be reached: {what.TrimEnd('.')}. Try again later, and check the name of the account.",
            inner
        );

    /// <summary>The service's own word for what is wrong; empty where it has none.</summary>
    public static string CodeOf(Response response) =>
        response.Headers.TryGetValue("x-ms-error-code", out var code)
        && code.Length <= 64
        && code.All(char.IsAsciiLetterOrDigit)
            ? code
            : "";

    private static string MissingHint(BlobPlace place, string code) =>
        code switch
        {
            "ContainerNotFound" => $"Check the name of the container '{place.Container}'.",
            _ when place.IsPrefix => "Check the reference.",
            _ => "Check the reference; one that names all below a prefix ends in a slash.",
        };

    private static string DeniedHint(BlobPlace place, BlobAccess access, string code, DateTimeOffset now) =>
        (access.Kind, code) switch
        {
            (BlobAccessKind.Signature, _) when ExpiredAt(access.Signature!) is { } end && end <= now => string.Create(
                CultureInfo.InvariantCulture,
                $"The shared access signature expired at {end:u}. Get a new one."
            ),
            (_, "AuthorizationFailure") =>
                "Check that this machine's network is let in by the account's firewall, and that the credentials are of this account.",
            (_, "AccountIsDisabled") => "Ask who administers the account.",
            (BlobAccessKind.Key, "KeyBasedAuthenticationNotPermitted") =>
                $"The account takes no keys: leave {AzureBlobOptions.ConnectionStringVariable} out and give an identity the role {Role}.",
            (BlobAccessKind.Key, _) =>
                $"Check the key in {AzureBlobOptions.ConnectionStringVariable}, and that the clock of this machine is right.",
            (BlobAccessKind.Signature, _) => place.IsPrefix
                ? "Check that the shared access signature is whole, of this container, and has the permissions r and l."
                : "Check that the shared access signature is whole, of this blob or its container, and has the permission r.",
            (BlobAccessKind.Token, _) =>
                $"Give the identity that is signed in the role {Role} on the container '{place.Container}'; it takes some minutes.",
            _ =>
                "A reference of a caller is read without credentials: add a shared access signature to it, or name the model in the configuration.",
        };

    /// <summary>When a shared access signature ends; null where it does not say.</summary>
    public static DateTimeOffset? ExpiredAt(string signature)
    {
        var end = Array.Find(signature.Split('&'), part => part.StartsWith("se=", StringComparison.Ordinal));
        return
            end is not null
            && DateTimeOffset.TryParse(
                Uri.UnescapeDataString(end["se=".Length..]),
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var time
            )
            ? time
            : null;
    }

    /// <summary>How long the service asks to be left alone; null where it does not say.</summary>
    /// <remarks>RFC 9110, 10.2.3: seconds, or a date. The date is the server's, and so is the one that it is measured by.</remarks>
    public static TimeSpan? RetryAfter(Response response)
    {
        if (!response.Headers.TryGetValue("Retry-After", out var text))
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return TimeSpan.FromSeconds(seconds);
        return
            DateTimeOffset.TryParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && response.Headers.Date is { } now
            && date > now
            ? date - now
            : null;
    }
}
