using Larder.Content;
using Larder.Origins;

namespace Larder.Pull;

/// <summary>The request document of a pull: everything that decides which files it gives.</summary>
internal static class PullRequest
{
    public const string Kind = "model";

    /// <summary>The key of the request <c>{"kind":"model","query_sha256":…,"reference":…,"version":1}</c>.</summary>
    /// <remarks>Written out, and not built as a tree of nodes: that would be a fifth of what a hit costs a short process.</remarks>
    public static EntryKey KeyOf(ModelReference reference)
    {
        var json = new CanonicalJsonWriter();
        json.WriteRaw("{\"kind\":\"model\""u8);
        // A query may select another file, and may hold a secret: its digest does the first and hides the second.
        if (reference.QueryDigest is { } query)
        {
            json.WriteRaw(",\"query_sha256\":"u8);
            json.WriteString(query.ToString());
        }
        json.WriteRaw(",\"reference\":"u8);
        json.WriteString(reference.Text);
        json.WriteRaw(",\"version\":1}"u8);
        return EntryKey.OfCanonical(Kind, json.ToArray());
    }
}
