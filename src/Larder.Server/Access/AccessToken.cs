using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Larder.Server.Access;

/// <summary>A token that callers may present: its name, its hash and what it allows. The token itself is kept nowhere.</summary>
public sealed class AccessToken
{
    /// <summary>What tokens begin with that we make: whoever finds one knows what it opens, and scanners for secrets find it.</summary>
    public const string Prefix = "larder_";

    /// <summary>The most characters that a name has.</summary>
    public const int MaxNameLength = 64;

    private const int SecretBytes = 32;

    private readonly byte[] _hash;

    private AccessToken(string name, byte[] hash, IReadOnlySet<Scope> scopes) =>
        (Name, _hash, Scopes) = (name, hash, scopes);

    /// <summary>Whose it is, for logs: 1 to 64 letters, digits, '.', '_' and '-'.</summary>
    public string Name { get; }

    /// <summary>What its bearer may do.</summary>
    public IReadOnlySet<Scope> Scopes { get; }

    /// <summary>SHA-256 of the token's characters, 64 lower-case hexadecimal digits.</summary>
    public string Sha256 => Convert.ToHexStringLower(_hash);

    internal ReadOnlySpan<byte> Hash => _hash;

    /// <summary>Makes a token of 256 random bits.</summary>
    /// <param name="name">Whose it is; null for one after its hash.</param>
    /// <param name="scopes">What its bearer may do.</param>
    /// <param name="secret">The token itself: the only copy.</param>
    /// <exception cref="ArgumentException">The name is none, or there is no scope.</exception>
    public static AccessToken Create(string? name, IReadOnlySet<Scope> scopes, out string secret)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        if (scopes.Count == 0)
            throw new ArgumentException("A token without a scope opens nothing.", nameof(scopes));
        if (name is not null && !IsName(name))
            throw new ArgumentException("It is no name of a token.", nameof(name));
        secret = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var hash = HashOf(secret);
        return new AccessToken(name ?? $"token-{Convert.ToHexStringLower(hash.AsSpan(0, 4))}", hash, scopes);
    }

    /// <summary>Whether a text can be the name of a token.</summary>
    public static bool IsName(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is > 0 and <= MaxNameLength
            && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-')
            // A token would fit the rule above, and names are in every log.
            && !text.StartsWith(Prefix, StringComparison.Ordinal);
    }

    /// <summary>The token of a hash; null when the text is not 64 hexadecimal digits.</summary>
    internal static AccessToken? TryRead(string name, string sha256, IReadOnlySet<Scope> scopes) =>
        sha256.Length == SHA256.HashSizeInBytes * 2 && sha256.All(char.IsAsciiHexDigit)
            ? new AccessToken(name, Convert.FromHexString(sha256), scopes)
            : null;

    internal static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
