namespace Larder.Origins;

/// <summary>Knows what in a query string only says who may read, and until when.</summary>
/// <remarks>
/// A signed URL is given out anew each time somebody asks for one. Were the signature part of what a model is called, its files
/// would be fetched anew each time as well. What names a version, such as <c>versionId</c>, stays.
/// Names are from: AWS, "Authenticating Requests: Using Query Parameters (Signature Version 4)" and "Create a signed URL using a
/// canned policy"; Google Cloud Storage, "Signed URLs"; Azure Storage, "Create a service SAS", "account SAS" and "user delegation
/// SAS".
/// </remarks>
internal static class SignedQuery
{
    private static readonly Scheme[] Schemes =
    [
        new(
            ["X-Amz-Signature"],
            [
                "X-Amz-Algorithm",
                "X-Amz-Credential",
                "X-Amz-Date",
                "X-Amz-Expires",
                "X-Amz-SignedHeaders",
                "X-Amz-Security-Token",
            ]
        ),
        new(
            ["X-Goog-Signature"],
            ["X-Goog-Algorithm", "X-Goog-Credential", "X-Goog-Date", "X-Goog-Expires", "X-Goog-SignedHeaders"]
        ),
        new(["Signature", "Key-Pair-Id"], ["Expires", "Policy", "Hash-Algorithm"]),
        new(["Signature", "AWSAccessKeyId"], ["Expires", "x-amz-security-token"]),
        new(
            ["sig", "sv"],
            [
                "ss",
                "srt",
                "sp",
                "st",
                "se",
                "sip",
                "spr",
                "sr",
                "si",
                "sdd",
                "ses",
                "skoid",
                "sktid",
                "skt",
                "ske",
                "sks",
                "skv",
                "saoid",
                "suoid",
                "scid",
                "sduoid",
                "skdutid",
            ]
        ),
    ];

    /// <summary>A query string, with its question mark; <c>signed?</c> and what is left of it in place of one that is signed.</summary>
    /// <remarks>That is no query string: who writes a URL without a signature cannot come to what one with it has fetched.</remarks>
    public static string WithoutSignature(string query)
    {
        // Most have none, and this is on the way of every hit.
        if (!query.Contains("sig", StringComparison.OrdinalIgnoreCase))
            return query;
        var parts = query.TrimStart('?').Split('&');
        var names = parts.Select(part => part.Split('=')[0]).ToArray();
        var scheme = Schemes.FirstOrDefault(scheme =>
            scheme.Proof.All(name => names.Contains(name, StringComparer.OrdinalIgnoreCase))
        );
        if (scheme is null)
            return query;
        return "signed?" + string.Join('&', parts.Where((_, i) => !scheme.Has(names[i])));
    }

    /// <summary>A way to sign.</summary>
    /// <param name="Proof">What is always there, the signature itself among it.</param>
    /// <param name="Others">What may be there besides.</param>
    private sealed record Scheme(string[] Proof, string[] Others)
    {
        public bool Has(string name) =>
            Proof.Contains(name, StringComparer.OrdinalIgnoreCase)
            || Others.Contains(name, StringComparer.OrdinalIgnoreCase);
    }
}
