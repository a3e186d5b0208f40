using System.Globalization;
using Larder.Server.Access;

namespace Larder.Server.Configuration;

/// <summary>The list <c>server.tokens</c>. Nothing that may be a token by mistake is in a message.</summary>
internal static class TokenSettings
{
    private const string Shape = "{\"name\", \"sha256\", \"scopes\"}";
    private const string Make = "'larder token new' makes a token and its line for this list.";

    public static IReadOnlyList<AccessToken> Read(SettingReader server)
    {
        if (server.IsValue("tokens"))
        {
            server.Fault("tokens", $"is a single value; a list of {Shape} is expected. {Make}");
            return [];
        }
        var list = server.Section("tokens");
        if (list.Names.Any(name => !int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            server.Fault("tokens", $"is no list; [{Shape}, …] is expected. {Make}");
            return [];
        }
        var tokens = new List<AccessToken>();
        foreach (var index in list.Names)
        {
            if (list.IsValue(index))
                list.Fault(index, $"is a single value; {Shape} is expected. {Make}");
            else if (ReadOne(list.Section(index)) is { } token)
                AddTo(tokens, token, list, index);
        }
        return tokens;
    }

    private static AccessToken? ReadOne(SettingReader section)
    {
        var name = Name(section);
        var scopes = Scopes(section);
        var hash = section.Text("sha256");
        var token = hash is null ? null : AccessToken.TryRead(name ?? "", hash, scopes);
        if (hash is null)
            section.Fault("sha256", $"is missing: the SHA-256 of the token, 64 hexadecimal digits. {Make}");
        else if (hash.StartsWith(AccessToken.Prefix, StringComparison.Ordinal))
            section.Fault(
                "sha256",
                "is a token, where its SHA-256 is expected: who reads this file could use it. Throw that token away. "
                    + Make
            );
        else if (token is null)
            section.Fault("sha256", $"is not 64 hexadecimal digits, the SHA-256 of a token. {Make}");
        section.FindUnknown();
        return name is null ? null : token;
    }

    private static string? Name(SettingReader section)
    {
        if (section.Text("name") is { } name && AccessToken.IsName(name))
            return name;
        section.Fault(
            "name",
            $"is missing or no name of a token: 1 to {AccessToken.MaxNameLength} letters, digits, '.', '_' and '-' are, but not the token itself."
        );
        return null;
    }

    private static HashSet<Scope> Scopes(SettingReader section)
    {
        var scopes = new HashSet<Scope>();
        var names = section.IsValue("scopes") ? [] : section.List("scopes");
        foreach (var name in names)
        {
            if (ScopeNames.TryParse(name, out var scope))
                scopes.Add(scope);
            else if (name.StartsWith(AccessToken.Prefix, StringComparison.Ordinal))
                section.Fault("scopes", "has a token in it.");
            else
                section.Fault("scopes", $"has '{name}', which is no scope. {ScopeNames.Suggest(name)}");
        }
        if (names.Count == 0)
            section.Fault("scopes", $"is no list of one or more of {string.Join(", ", ScopeNames.All)}.");
        return scopes;
    }

    private static void AddTo(List<AccessToken> tokens, AccessToken token, SettingReader list, string index)
    {
        if (tokens.Exists(other => other.Name == token.Name))
            list.Fault($"{index}.name", $"is '{token.Name}', the name of another token too.");
        if (tokens.Find(other => other.Sha256 == token.Sha256) is { } same)
            list.Fault($"{index}.sha256", $"is that of the token '{same.Name}' too.");
        tokens.Add(token);
    }
}
