using System.Net.Http.Headers;
using System.Text;
using Larder.Content;
using Larder.Origins;
using Larder.Origins.Http;

namespace Larder.HuggingFace;

/// <summary>Which Hub is asked, and with whose token: what one operation goes by.</summary>
internal sealed class HubAccess
{
    private const string DefaultEndpoint = "https://huggingface.co";

    private HubAccess(Uri endpoint, (string Token, string Source)? token)
    {
        // With a slash at its end, so that addresses go on behind its path.
        Endpoint = new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/");
        Token = token?.Token;
        TokenSource = token?.Source;
        Scope = Token is null ? "" : Digest.Of(Encoding.UTF8.GetBytes(Token)).ToString();
    }

    /// <summary>The Hub's address, with a slash at its end.</summary>
    public Uri Endpoint { get; }

    /// <summary>The token; null for none. It may appear nowhere.</summary>
    public string? Token { get; }

    /// <summary>Where the token comes from; null without one.</summary>
    public string? TokenSource { get; }

    /// <summary>Stands for who asks: what one was told is not another's to know.</summary>
    public string Scope { get; }

    /// <summary>The Hub's address for messages.</summary>
    public string Name => Endpoint.AbsoluteUri.TrimEnd('/');

    /// <summary>Reads what options and environment say.</summary>
    /// <exception cref="OriginException">They name no Hub, or a token that cannot be sent.</exception>
    public static HubAccess Read(ModelReference reference, HuggingFaceOptions options, HubEnvironment environment)
    {
        var named = environment.Endpoint;
        var endpoint =
            options.Endpoint ?? (Uri.TryCreate(named ?? DefaultEndpoint, UriKind.Absolute, out var uri) ? uri : null);
        if (endpoint is null || !HuggingFaceOptions.IsEndpoint(endpoint))
            throw new OriginException(
                OriginFailure.Broken,
                reference.Text,
                "HF_ENDPOINT is not the address of a Hub. Set it to one such as https://huggingface.co, without user, query or '#', or take it out."
            );
        // A caller of a server reads what everybody may: he gives no token, and the operator's rights are not his.
        return new HubAccess(endpoint, reference.IsUntrusted ? null : ReadToken(reference, options, environment));
    }

    /// <summary>Whether an address is of the Hub, and not of a server that it leads to.</summary>
    public bool IsHub(Uri uri) => HttpTransport.IsSameHost(uri, Endpoint);

    /// <summary>Who asks, for requests to the Hub; null for nobody in particular.</summary>
    public AuthenticationHeaderValue? Authorization =>
        Token is null ? null : new AuthenticationHeaderValue("Bearer", Token);

    /// <summary>An address at the Hub's API: <c>api/models/org/repo/…</c>.</summary>
    public Uri Api(HubRepository repository, string call, string revision, string query = "") =>
        new(Endpoint, $"api/{repository.Kind}/{repository.Id}/{call}/{Uri.EscapeDataString(revision)}{query}");

    /// <summary>Where a file of a repository is asked for.</summary>
    public Uri File(HubRepository repository, string revision, string path) =>
        new(
            Endpoint,
            $"{repository.Path}/resolve/{Uri.EscapeDataString(revision)}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}"
        );

    private static (string, string)? ReadToken(
        ModelReference reference,
        HuggingFaceOptions options,
        HubEnvironment environment
    )
    {
        try
        {
            var token = options.Token is { Length: > 0 } given ? (given, "the options") : environment.ReadToken();
            return token is not var (text, source) || text.All(letter => letter is > ' ' and < '\u007F')
                ? token
                : throw new OriginException(
                    OriginFailure.Denied,
                    reference.Text,
                    $"The token from {source} has a letter that no token has. Set HF_TOKEN to one as the Hub shows it."
                );
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new OriginException(
                OriginFailure.Denied,
                reference.Text,
                $"The access token for the Hub cannot be read: {unreadable.Message.TrimEnd('.')}. Mend its rights, or set HF_TOKEN.",
                unreadable
            );
        }
    }
}
