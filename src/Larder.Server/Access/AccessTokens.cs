using System.Security.Cryptography;

namespace Larder.Server.Access;

/// <summary>The tokens that open this server; without any, it answers this machine only.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class AccessTokens(IReadOnlyList<AccessToken> tokens)
{
    private volatile IReadOnlyList<AccessToken> _tokens = tokens;

    /// <summary>Whether callers need a token.</summary>
    public bool AreNeeded { get; } = tokens.Count > 0;

    public int Count => _tokens.Count;

    /// <summary>The token of those characters; null for one that is unknown.</summary>
    public AccessToken? Find(string presented) => Find(AccessToken.HashOf(presented));

    /// <summary>The token of a hash; null for one that is unknown.</summary>
    public AccessToken? Find(ReadOnlySpan<byte> hash)
    {
        AccessToken? found = null;
        // All of them, and each to its end: how long it takes tells nothing of how near somebody came.
        foreach (var token in _tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(token.Hash, hash))
                found = token;
        }
        return found;
    }

    /// <summary>Puts others in their place, at once and for sessions too; false when that takes a restart.</summary>
    /// <remarks>Where a server may listen was decided by whether there are tokens, so that must stay as it is.</remarks>
    public bool TryReplace(IReadOnlyList<AccessToken> tokens)
    {
        if (tokens.Count > 0 != AreNeeded)
            return false;
        _tokens = tokens;
        return true;
    }
}
