using System.Text.Json;
using Larder.Server.Http;
using Larder.Server.Tests.Access;

namespace Larder.Server.Tests.Fuzzing;

/// <summary>What holds for every answer, whatever was asked.</summary>
internal sealed class FuzzOracle(FuzzServer server)
{
    // What the listener answers by itself to what is no HTTP, without a body.
    private static readonly int[] RefusedByListener = [400, 405, 408, 411, 413, 414, 431, 501, 505];

    private readonly string[] _secrets = SecretsOf(server.Tokens);

    /// <summary>The tokens of a server.</summary>
    public static string[] SecretsOf(TestTokens? tokens) =>
        tokens is null ? [] : [tokens.Predict, tokens.Read, tokens.Admin, tokens.Ops];

    /// <summary>What is wrong with an answer; null when nothing is.</summary>
    public string? FaultIn(FuzzRequest request, FuzzAnswer? answer)
    {
        if (answer is null)
            return request.IsWellFormed ? "No answer came." : null;
        if (answer.Status is < 200 or > 599)
            return $"{answer.Status} is no status of an answer.";
        // Its models are sound, and its store is its own: whatever is asked, it is not the server that fails.
        if (answer.Status == 500)
            return "The server failed.";
        var text = answer.Text;
        var headers = string.Join('\n', answer.Headers.Values);
        if (Array.Find(_secrets, secret => (text + headers).Contains(secret, StringComparison.Ordinal)) is not null)
            return "It has a token in it.";
        if (text.Contains("   at ", StringComparison.Ordinal) || text.Contains("Exception", StringComparison.Ordinal))
            return "It has a stack in it, or the name of an exception.";
        return answer.Status < 400 ? null : FaultInRefusal(request, answer, text);
    }

    private string? FaultInRefusal(FuzzRequest request, FuzzAnswer answer, string text)
    {
        if (!answer.Headers.ContainsKey("X-Content-Type-Options"))
            return !request.IsWellFormed && RefusedByListener.Contains(answer.Status) && answer.Body.Length == 0
                ? null
                : "The listener refused it, or the server answered without its usual headers.";
        if (request.Method == "HEAD")
            return null;
        // People press buttons there, and read what came of it.
        if (answer.Has("Content-Type", "text/html"))
            return request.Target.Contains("/dashboard/", StringComparison.OrdinalIgnoreCase) && answer.Status < 500
                ? null
                : "A program is answered with a page.";
        if (Array.Find(server.Paths, path => text.Contains(path, StringComparison.Ordinal)) is not null)
            return "It has a path of this machine in it.";
        if (!answer.Has("Content-Type", "application/problem+json"))
            return "It is no problem document.";
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            var root = document.RootElement;
            var type = root.GetProperty("type").GetString()!;
            if (!type.StartsWith(ProblemWriter.TypePrefix, StringComparison.Ordinal))
                return "Its type is none of ours.";
            return
                root.GetProperty("status").GetInt32() == answer.Status
                && root.GetProperty("title").GetString() is { Length: > 0 }
                && root.GetProperty("detail").GetString() is { Length: > 0 }
                ? null
                : "Its status is another than the document's, or the document says nothing.";
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException)
        {
            return $"It is no problem document: {malformed.Message}";
        }
    }
}
