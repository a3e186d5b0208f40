using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Origins;

namespace Larder.Pull;

/// <summary>The request document of a pull: everything that decides which files it gives.</summary>
internal static class PullRequest
{
    public const string Kind = "model";

    private const int Version = 1;

    public static EntryKey KeyOf(ModelReference reference)
    {
        var request = new JsonObject
        {
            ["kind"] = Kind,
            ["version"] = Version,
            ["reference"] = reference.Text,
        };
        // A query may select another file, and may hold a secret: its digest does the first and hides the second.
        if (reference.QueryDigest is { } query)
            request["query_sha256"] = query.ToString();
        return EntryKey.Of(request);
    }
}
