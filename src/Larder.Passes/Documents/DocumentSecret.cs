using Larder.Origins;

namespace Larder.Passes.Documents;

/// <summary>Knows secrets in addresses, which have no place in a file that a team shares.</summary>
internal static class DocumentSecret
{
    private static readonly string[] Names =
    [
        "sig",
        "signature",
        "token",
        "access_token",
        "api_key",
        "key",
        "password",
        "x-amz-signature",
        "x-goog-signature",
    ];

    /// <summary>What secret an address holds, in words; null for none.</summary>
    public static string? IsIn(ModelReference reference) => reference.Hub is null ? IsIn(reference.Uri) : null;

    /// <summary>What secret an address holds, in words; null for none.</summary>
    public static string? IsIn(Uri address)
    {
        if (address.UserInfo.Length > 0)
            return "user information";
        var isSigned = address
            .Query.TrimStart('?')
            .Split('&')
            .Any(part => Names.Contains(Uri.UnescapeDataString(part.Split('=')[0]), StringComparer.OrdinalIgnoreCase));
        return isSigned ? "a signature" : null;
    }
}
