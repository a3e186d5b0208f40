using System.Globalization;
using Azure;
using Larder.Sharing;

namespace Larder.Azure;

/// <summary>What failures mean to who shares a container.</summary>
/// <remarks>As with <see cref="BlobFailures"/>, of an answer only its status and its code are told.</remarks>
internal sealed class BlobStoreFailures(string location, BlobPlace place)
{
    private const string Role = "Storage Blob Data Contributor";

    /// <summary>The failure that an answer other than the one hoped for stands for.</summary>
    public SharedStoreException Refused(BlobAccess access, Response response, DateTimeOffset now)
    {
        var code = BlobFailures.CodeOf(response);
        var said = string.Create(
            CultureInfo.InvariantCulture,
            $"the service answered {response.Status}{(code.Length > 0 ? $" {code}" : "")}"
        );
        return (response.Status, code) switch
        {
            (507, _) or (_, "AccountQuotaExceeded" or "ContainerQuotaExceeded" or "InsufficientStorage") => Of(
                SharedFailure.Full,
                $"has no room: {said}. Remove what is no longer used ('larder shared prune'), or raise its quota"
            ),
            (404, _) => Of(
                SharedFailure.NotFound,
                $"cannot be used: there is no container '{place.Container}' ({said}). Make it, or check its name"
            ),
            (401 or 403, _) or (409, "PublicAccessNotPermitted") => Of(
                SharedFailure.Denied,
                $"may not be used so: {said}. {DeniedHint(access, code, now)}"
            ),
            (408 or 409 or 429 or >= 500, _) or (400, "Md5Mismatch") or (412, "LeaseIdMissing") => Of(
                SharedFailure.Unavailable,
                $"cannot be used now: {said}. Try again later",
                retryAfter: BlobFailures.RetryAfter(response)
            ),
            _ => Broken(said),
        };
    }

    public SharedStoreException Unreachable(Exception failure) =>
        Of(
            SharedFailure.Unavailable,
            $"cannot be reached: {failure.Message.TrimEnd('.')}. Try again later, and check the name of the account",
            failure
        );

    public SharedStoreException NobodySignedIn(Exception failure) =>
        Of(
            SharedFailure.Denied,
            $"cannot be used, as nobody is signed in to Azure who could. Sign in with 'az login', give this machine an identity, or set {AzureBlobOptions.ConnectionStringVariable}",
            failure
        );

    /// <summary>A failure that was found before anything was sent.</summary>
    public SharedStoreException BeforeSending(LarderException failure) =>
        new(SharedFailure.Denied, location, failure.Message, failure);

    public SharedStoreException Changed(SharedObject seen) =>
        new(
            SharedFailure.Changed,
            location,
            $"The object '{seen.Name}' in '{location}' changed or vanished after it was seen. Look at it again."
        );

    public SharedStoreException Broken(string what, Exception? inner = null) =>
        Of(SharedFailure.Broken, $"cannot be used: {what}", inner);

    private string DeniedHint(BlobAccess access, string code, DateTimeOffset now) =>
        (access.Kind, code) switch
        {
            (BlobAccessKind.Signature, _) when BlobFailures.ExpiredAt(access.Signature!) is { } end && end <= now =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The shared access signature expired at {end:u}. Get a new one"
                ),
            (_, "AuthorizationFailure") =>
                "Check that this machine's network is let in by the account's firewall, and that the credentials are of this account",
            (_, "AccountIsDisabled") => "Ask who administers the account",
            (BlobAccessKind.Key, "KeyBasedAuthenticationNotPermitted") =>
                $"The account takes no keys: leave {AzureBlobOptions.ConnectionStringVariable} out and give an identity the role {Role}",
            (BlobAccessKind.Key, _) =>
                $"Check the key in {AzureBlobOptions.ConnectionStringVariable}, and that the clock of this machine is right",
            (BlobAccessKind.Signature, _) =>
                "Check that the shared access signature is whole, of this container, and has the permissions r and l to read, c and w to write, d to prune",
            _ =>
                $"Give the identity that is signed in the role {Role} on the container '{place.Container}'; it takes some minutes",
        };

    private SharedStoreException Of(
        SharedFailure failure,
        string what,
        Exception? inner = null,
        TimeSpan? retryAfter = null
    ) => new(failure, location, $"The shared store '{location}' {what}.", inner) { RetryAfter = retryAfter };
}
