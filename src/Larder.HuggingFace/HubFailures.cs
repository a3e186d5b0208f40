using System.Globalization;
using System.Net;
using Larder.Origins;
using Larder.Origins.Http;

namespace Larder.HuggingFace;

/// <summary>What refusals of the Hub mean to who pulls.</summary>
internal static class HubFailures
{
    private const string BadToken = "Invalid credentials in Authorization header";
    private const string Disabled = "Access to this resource is disabled.";

    /// <summary>The failure that an answer other than the one hoped for stands for.</summary>
    public static OriginException Refused(ModelReference reference, HubAccess access, HttpResponseMessage response)
    {
        if (response.RequestMessage?.RequestUri is { } from && !access.IsHub(from))
            return RefusedElsewhere(reference, from, response);
        var error = HubError.Of(response, access);
        return (response.StatusCode, error.Code) switch
        {
            (HttpStatusCode.Unauthorized, _) when error.Message == BadToken => Denied(
                reference,
                $"cannot be asked for: {access.Name} does not know the access token{From(access)}. Set HF_TOKEN to a valid one, or to none",
                error
            ),
            (_, "GatedRepo") => Denied(
                reference,
                $"is gated: ask for access at {access.Name}/{reference.Hub!.Repository.Path} and set HF_TOKEN to a token of the account that has it",
                error
            ),
            (_, "RepoNotFound") => NoRepository(reference, access, error),
            (_, "RevisionNotFound") => NotFound(
                reference,
                $"{Repository(reference)} has no revision '{reference.Hub!.Revision}' at {access.Name}. Check the name of the branch, tag or commit",
                error
            ),
            (_, "EntryNotFound") => NotFound(
                reference,
                $"{Repository(reference)} has no such file at {access.Name}, although it was listed. Pull again",
                error
            ),
            // So the Hub says to who has no token that there is no such repository, or none that he may know of.
            (HttpStatusCode.Unauthorized, null) when access.Token is null => NoRepository(reference, access, error),
            (HttpStatusCode.Forbidden, _) when error.Message == Disabled => Denied(
                reference,
                $"is disabled at {access.Name}",
                error
            ),
            (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, _) => Denied(
                reference,
                $"may not be read: {access.Name} answered {Status(response)}. Check the rights of the token{From(access)}",
                error
            ),
            (HttpStatusCode.NotFound or HttpStatusCode.Gone, _) => NotFound(
                reference,
                $"There is nothing of '{reference}' at {access.Name}, which answered {Status(response)}. Check the reference",
                error
            ),
            (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= (HttpStatusCode)500, _) =>
                Unavailable(reference, $"{access.Name} answered {Status(response)}", response, error),
            _ => HttpFailures.Broken(reference, $"{access.Name} answered {Status(response)}{error.Said}"),
        };
    }

    /// <summary>The failure of a document that the Hub sent and nobody can read.</summary>
    public static OriginException Senseless(ModelReference reference, HubAccess access, string what) =>
        HttpFailures.Broken(reference, $"{access.Name} {what}");

    // The Hub gave the address a moment ago: whatever is wrong with it, it is not the caller's right to the repository.
    private static OriginException RefusedElsewhere(ModelReference reference, Uri from, HttpResponseMessage response) =>
        Unavailable(
            reference,
            $"{from.Host}, where the Hub keeps the file, answered {Status(response)}",
            response,
            HubError.None
        );

    private static OriginException NoRepository(ModelReference reference, HubAccess access, HubError error) =>
        NotFound(
            reference,
            reference.IsUntrusted
                    ? $"There is no {Repository(reference)} at {access.Name}, or it is private, and so not for references that callers send. Check the name; the operator can name the model in the configuration"
                : access.Token is null
                    ? $"There is no {Repository(reference)} at {access.Name}, or it is private. Check the name; for a private one set HF_TOKEN to a token that may read it"
                : $"There is no {Repository(reference)} at {access.Name}, or it is private and closed to the token{From(access)}. Check the name",
            error
        );

    private static OriginException NotFound(ModelReference reference, string what, HubError error) =>
        new(OriginFailure.NotFound, reference.Text, $"{what}{error.Said}.");

    private static OriginException Denied(ModelReference reference, string what, HubError error) =>
        new(OriginFailure.Denied, reference.Text, $"'{reference}' {what}{error.Said}.");

    private static OriginException Unavailable(
        ModelReference reference,
        string what,
        HttpResponseMessage response,
        HubError error
    )
    {
        var wait = RateLimit.RetryAfter(response);
        var asked = wait is { } time
            ? string.Create(CultureInfo.InvariantCulture, $" and asks to be left alone for {time.TotalSeconds:0} s")
            : "";
        return HttpFailures.Unavailable(reference, $"{what}{asked}{error.Said}", retryAfter: wait);
    }

    private static string Repository(ModelReference reference) => $"repository '{reference.Hub!.Repository.Path}'";

    private static string From(HubAccess access) => access.TokenSource is { } source ? $" from {source}" : "";

    private static string Status(HttpResponseMessage response) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode} {response.ReasonPhrase}").TrimEnd();
}
