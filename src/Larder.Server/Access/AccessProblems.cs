using System.Globalization;
using Larder.Server.Http;

namespace Larder.Server.Access;

/// <summary>What those are told who are not let in. The challenges are those of RFC 6750.</summary>
internal static class AccessProblems
{
    private const string Realm = "Bearer realm=\"larder\"";
    private const string HowTo = "Send it in the header Authorization: Bearer TOKEN.";

    public static Problem NoToken { get; } =
        new(401, "token-missing", "A token is needed", $"This server answers to callers with a token. {HowTo}")
        {
            Challenge = Realm,
        };

    public static Problem WrongScheme { get; } =
        NoToken with
        {
            Detail =
                $"The scheme of the Authorization header is not Bearer, the only one that this server knows. {HowTo}",
        };

    /// <summary>One answer for a token that is unknown, revoked or mistyped: which it is helps only those who guess.</summary>
    public static Problem WrongToken { get; } =
        new(401, "token-wrong", "The token is not valid", "No token of this server is the one that was sent.")
        {
            Challenge = $"{Realm}, error=\"invalid_token\"",
        };

    public static Problem ForeignOrigin { get; } =
        new(
            403,
            "foreign-origin",
            "Pages of other sites may not ask this server",
            "The request comes from a web page that is not this server's own. Open the server's address itself, or ask from a program."
        );

    /// <summary>Without tokens nobody can be told from anybody else, so only those are answered who are on this machine anyway.</summary>
    public static Problem OtherMachine { get; } =
        new(
            403,
            "other-machine",
            "Only callers on this machine are answered",
            "This server has no access tokens (server.tokens), so it answers callers on the loopback addresses of its own machine only."
        );

    public static Problem WrongContent { get; } =
        new(
            415,
            "wrong-content-type",
            "The body has another form than the route takes",
            "Send the token as a field 'token' of a form, application/x-www-form-urlencoded, or of an object, application/json."
        );

    /// <summary>A route of which nobody has said what its callers need. That it is closed is safe, and a fault of ours.</summary>
    public static Problem NoScope { get; } =
        new(403, "not-allowed", "The route is closed", "The server does not know who may call this route. Report it.");

    public static Problem BadCredentials(string what) =>
        new(400, "credentials-malformed", "The credentials cannot be read", $"{what} {HowTo}")
        {
            Challenge = $"{Realm}, error=\"invalid_request\"",
        };

    public static Problem MissingScope(Scope scope)
    {
        var name = ScopeNames.Of(scope);
        return new(
            403,
            "scope-missing",
            "The token does not allow this",
            $"The route needs the scope '{name}', which this token does not have."
        )
        {
            Challenge = $"{Realm}, error=\"insufficient_scope\", scope=\"{name}\"",
        };
    }

    public static Problem TooManyRequests(TimeSpan retryAfter) =>
        new(
            429,
            "too-many-requests",
            "Too many requests",
            "This caller has sent more requests than server.requests_per_second allows."
        )
        {
            RetryAfter = retryAfter,
        };

    public static Problem TooBusy(int limit) =>
        new(
            503,
            "too-busy",
            "The server has enough to do",
            string.Create(
                CultureInfo.InvariantCulture,
                $"The server answers {limit} requests at once (server.max_concurrent), and so many are being answered."
            )
        )
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };

    public static Problem TimedOut(TimeSpan limit) =>
        new(
            504,
            "timed-out",
            "The answer took too long",
            string.Create(
                CultureInfo.InvariantCulture,
                $"The request was given up after {limit.TotalSeconds:0.###} s, the limit server.request_timeout. What was stored of a model by then is kept."
            )
        );
}
