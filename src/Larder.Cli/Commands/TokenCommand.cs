using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Larder.Cli.Output;
using Larder.Server.Access;

namespace Larder.Cli.Commands;

/// <summary><c>larder token new</c>: makes a token for callers of a server.</summary>
internal static class TokenCommand
{
    // A '+' or a quote in a name would be unreadable otherwise, and names have neither.
    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.Default };

    public static Command Create(GlobalOptions options) =>
        new("token", "Make access tokens for callers of a server: setting server.tokens of the configuration")
        {
            CreateNew(options),
        };

    private static Command CreateNew(GlobalOptions options)
    {
        var name = new Option<string?>("--name")
        {
            Description = "Whose it is, for the audit log and the dashboard [default: token- and digits of its hash]",
            HelpName = "NAME",
        };
        var scopes = new Option<string[]>("--scopes")
        {
            Description =
                $"What it allows: {string.Join(", ", ScopeNames.All)}; several with ',' or again [default: predict]",
            HelpName = "SCOPES",
        };
        return new Command(
            "new",
            "Make a random token, print it once, and the line with its hash that goes into the configuration"
        )
        {
            name,
            scopes,
        }.Runs(
            options,
            (context, _) =>
            {
                var token = AccessToken.Create(
                    NameOf(context.Result.GetValue(name)),
                    ScopesOf(context.Result.GetValue(scopes) ?? []),
                    out var secret
                );
                if (context.Json)
                    Terminal.Json(json => Write(json, token, secret));
                else
                    WriteText(context, token, secret);
                return Task.FromResult(ExitCode.Done);
            }
        );
    }

    private static void WriteText(CommandContext context, AccessToken token, string secret)
    {
        if (!context.Quiet)
            Terminal.Message("The token, for whoever calls the server; it is kept nowhere and not shown again:");
        Terminal.Answer(secret);
        if (!context.Quiet)
            Terminal.Message("Its line for server.tokens of the configuration:");
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line, OneLine))
            Write(json, token, secret: null);
        Terminal.Answer(Encoding.UTF8.GetString(line.ToArray()));
    }

    private static void Write(Utf8JsonWriter json, AccessToken token, string? secret)
    {
        json.WriteStartObject();
        if (secret is not null)
            json.WriteString("token", secret);
        json.WriteString("name", token.Name);
        json.WriteString("sha256", token.Sha256);
        json.WriteStartArray("scopes");
        foreach (var scope in token.Scopes.Order())
            json.WriteStringValue(ScopeNames.Of(scope));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string? NameOf(string? name) =>
        name is null || AccessToken.IsName(name)
            ? name
            : throw new UsageException(
                $"--name is no name of a token: 1 to {AccessToken.MaxNameLength} letters, digits, '.', '_' and '-' are."
            );

    private static HashSet<Scope> ScopesOf(string[] texts)
    {
        var scopes = new HashSet<Scope>();
        foreach (
            var name in texts.SelectMany(text =>
                text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            )
        )
        {
            if (!ScopeNames.TryParse(name, out var scope))
                throw new UsageException($"--scopes has '{name}', which is no scope. {ScopeNames.Suggest(name)}");
            scopes.Add(scope);
        }
        if (texts.Length > 0 && scopes.Count == 0)
            throw new UsageException($"--scopes names none of {string.Join(", ", ScopeNames.All)}.");
        return scopes.Count > 0 ? scopes : [Scope.Predict];
    }
}
