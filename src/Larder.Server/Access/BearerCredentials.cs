using System.Buffers;
using Larder.Server.Http;
using Microsoft.Extensions.Primitives;

namespace Larder.Server.Access;

/// <summary>Reads the <c>Authorization</c> header of RFC 6750.</summary>
internal static class BearerCredentials
{
    /// <summary>The most characters of a token: enough for any that people make, and a bound for what is hashed.</summary>
    public const int MaxLength = 1024;

    private const string Scheme = "Bearer";

    // b64token, of RFC 6750.
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/="
    );

    /// <summary>The token; null with a problem when there is none that can be read.</summary>
    public static string? Read(StringValues header, out Problem problem)
    {
        problem = AccessProblems.NoToken;
        if (header.Count > 1)
        {
            problem = AccessProblems.BadCredentials("The request has several Authorization headers.");
            return null;
        }
        var value = header.ToString();
        if (value.Length == 0)
            return null;
        var space = value.IndexOf(' ', StringComparison.Ordinal);
        var scheme = space < 0 ? value : value[..space];
        if (!scheme.Equals(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            problem = AccessProblems.WrongScheme;
            return null;
        }
        var token = value[scheme.Length..].Trim(' ');
        if (FaultIn(token) is { } fault)
        {
            problem = AccessProblems.BadCredentials(fault);
            return null;
        }
        return token;
    }

    /// <summary>What is wrong with the form of a token; null when nothing is.</summary>
    public static string? FaultIn(string token) =>
        token switch
        {
            "" => "The token is empty.",
            { Length: > MaxLength } => $"The token is longer than {MaxLength} characters.",
            _ when token.AsSpan().ContainsAnyExcept(TokenCharacters) => "The token has characters that no token has.",
            _ => null,
        };
}
