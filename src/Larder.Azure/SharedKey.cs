using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;

namespace Larder.Azure;

/// <summary>Signs requests with an account's key, as the Blob service has it since its version of 2009-09-19.</summary>
/// <remarks>https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key</remarks>
internal static class SharedKey
{
    // In the order of the standard. The date is among the x-ms- headers.
    private static readonly string[] Signed =
    [
        "Content-Encoding",
        "Content-Language",
        "Content-Length",
        "Content-MD5",
        "Content-Type",
        "Date",
        "If-Modified-Since",
        "If-Match",
        "If-None-Match",
        "If-Unmodified-Since",
        "Range",
    ];

    /// <summary>The value of the header Authorization.</summary>
    public static string Authorization(Request request, string account, byte[] key)
    {
        var text = StringToSign(
            request.Method.Method,
            request.Uri.ToUri(),
            account,
            request.Headers.Select(header => KeyValuePair.Create(header.Name, header.Value))
        );
        var signature = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
        return $"SharedKey {account}:{Convert.ToBase64String(signature)}";
    }

    /// <summary>What is signed of a request.</summary>
    internal static string StringToSign(
        string method,
        Uri uri,
        string account,
        IEnumerable<KeyValuePair<string, string>> headers
    )
    {
        var all = headers.ToDictionary(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase);
        var text = new StringBuilder().Append(method).Append('\n');
        foreach (var name in Signed)
        {
            var value = all.GetValueOrDefault(name, "");
            // Since its version of 2015-02-21 no length and a length of 0 are the same.
            text.Append(name == "Content-Length" && value == "0" ? "" : value).Append('\n');
        }
        foreach (
            var (name, value) in all.Select(header => (Name: header.Key.ToLowerInvariant(), header.Value))
                .Where(header => header.Name.StartsWith("x-ms-", StringComparison.Ordinal))
                .OrderBy(header => header.Name, StringComparer.Ordinal)
        )
            text.Append(CultureInfo.InvariantCulture, $"{name}:{value.Trim()}\n");
        AppendResource(text, uri, account);
        return text.ToString();
    }

    // The path as it is sent, the query decoded.
    private static void AppendResource(StringBuilder text, Uri uri, string account)
    {
        text.Append('/').Append(account).Append(uri.AbsolutePath);
        var parameters = uri
            .Query.TrimStart('?')
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('=', 2))
            .Select(part =>
                (
                    Name: Uri.UnescapeDataString(part[0]).ToLowerInvariant(),
                    Value: part.Length > 1 ? Uri.UnescapeDataString(part[1]) : ""
                )
            )
            .GroupBy(part => part.Name, part => part.Value, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal);
        foreach (var group in parameters)
            text.Append('\n').Append(group.Key).Append(':').AppendJoin(',', group.Order(StringComparer.Ordinal));
    }
}
