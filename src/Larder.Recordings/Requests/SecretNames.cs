using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace Larder.Recordings.Requests;

/// <summary>The names of members that hold secrets.</summary>
internal sealed class SecretNames
{
    // Names come from code mostly, and from dictionaries, which may have any number.
    private const int MaxKnown = 4096;

    private static readonly string[] Whole =
    [
        "secret",
        "authorization",
        "proxyauthorization",
        "cookie",
        "setcookie",
        "idtoken",
        "credential",
        "credentials",
        "awssessiontoken",
    ];

    // What a longer name may end with, word for word: openai_api_key, but no valid_token because of id_token.
    private static readonly string[] Endings =
    [
        "password",
        "passwd",
        "pwd",
        "passphrase",
        "clientsecret",
        "apisecret",
        "appsecret",
        "apikey",
        "secretkey",
        "secretaccesskey",
        "accesstoken",
        "apitoken",
        "authorizationtoken",
        "refreshtoken",
        "authtoken",
        "bearertoken",
        "sastoken",
        "hftoken",
        "connectionstring",
        "privatekey",
        "accountkey",
        "subscriptionkey",
    ];

    private static readonly string[] Doubtful = ["token", "key", "accesskey", "sessiontoken"];

    private static readonly int LongestEnding = Endings.Max(ending => ending.Length);

    private readonly FrozenSet<string> _always;
    private readonly FrozenSet<string> _endings = Endings.ToFrozenSet(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SecretName> _known = new(StringComparer.Ordinal);

    public SecretNames(IEnumerable<string> more) =>
        _always = Whole.Concat(Endings).Concat(more.Select(Plain)).ToFrozenSet(StringComparer.Ordinal);

    public SecretName KindOf(string name)
    {
        if (_known.TryGetValue(name, out var known))
            return known;

        var kind = Decide(name);
        if (_known.Count < MaxKnown)
            _known.TryAdd(name, kind);
        return kind;
    }

    private SecretName Decide(string name)
    {
        var plain = Plain(name);
        if (_always.Contains(plain) || HasEnding(name, plain))
            return SecretName.Always;

        return Doubtful.Contains(plain, StringComparer.Ordinal) ? SecretName.WhenItLooksLikeOne : SecretName.Never;
    }

    // An ending begins where a word of the name does.
    private bool HasEnding(string name, string plain)
    {
        var letters = 0;
        for (var i = name.Length - 1; i > 0 && letters <= LongestEnding; i--)
        {
            if (IsMark(name[i]))
                continue;
            letters++;
            if (BeginsWord(name, i) && _endings.Contains(plain[^letters..]))
                return true;
        }
        return false;
    }

    // Of "OpenAIApiKey" the words are Open, AI, Api and Key.
    private static bool BeginsWord(string name, int at) =>
        IsMark(name[at - 1])
        || (
            char.IsUpper(name[at])
            && (!char.IsUpper(name[at - 1]) || (at + 1 < name.Length && char.IsLower(name[at + 1])))
        );

    private static string Plain(string name) => string.Concat(name.Where(unit => !IsMark(unit))).ToLowerInvariant();

    private static bool IsMark(char unit) => unit is '_' or '-';
}
