using System.Buffers.Text;
using System.Security.Cryptography;

namespace Larder.Server.Access;

/// <summary>Who has signed in with a browser. Sessions end after 12 hours, when they are closed, and with the server.</summary>
/// <remarks>Safe for concurrent use. Kept here and not in the cookie, so that signing out ends a session for whoever has its cookie.</remarks>
internal sealed class SessionTable(AccessTokens tokens, TimeProvider timeProvider)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    // Far more than the people who look after a server; only those with a token can fill it.
    private const int MaxSessions = 10_000;
    private const int IdBytes = 32;

    private readonly Lock _lock = new();

    // By the hash of the id, so that how long a look-up takes tells nothing of the ids.
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>Opens a session for who has presented a token, and returns its id: a secret.</summary>
    public string Open(AccessToken token)
    {
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));
        var now = timeProvider.GetUtcNow();
        lock (_lock)
        {
            foreach (var (key, session) in _sessions)
            {
                if (session.Ends <= now)
                    _sessions.Remove(key);
            }
            if (_sessions.Count >= MaxSessions)
                _sessions.Remove(_sessions.MinBy(session => session.Value.Ends).Key);
            _sessions[KeyOf(id)] = new Session(token.Hash.ToArray(), now + Lifetime);
        }
        return id;
    }

    /// <summary>The token that a session was opened with; null when it has ended or the token is no longer one.</summary>
    public AccessToken? Find(string id)
    {
        Session? session;
        lock (_lock)
            session = _sessions.GetValueOrDefault(KeyOf(id));
        return session is not null && session.Ends > timeProvider.GetUtcNow() ? tokens.Find(session.TokenHash) : null;
    }

    public void Close(string id)
    {
        lock (_lock)
            _sessions.Remove(KeyOf(id));
    }

    private static string KeyOf(string id) => Convert.ToHexString(AccessToken.HashOf(id));

    private sealed record Session(byte[] TokenHash, DateTimeOffset Ends);
}
