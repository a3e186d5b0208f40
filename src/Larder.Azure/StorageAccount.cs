using System.Globalization;

namespace Larder.Azure;

/// <summary>An account as a connection string describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Endpoint">Where its containers are, without a slash at the end.</param>
/// <param name="Key">Its key: a secret; null without one.</param>
/// <param name="Signature">A shared access signature, without '?': a secret; null without one.</param>
internal sealed record StorageAccount(string Name, Uri Endpoint, byte[]? Key, string? Signature)
{
    private const string EmulatorName = "devstoreaccount1";

    // No secret: every emulator has this one.
    private const string EmulatorKey =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>Where an account of Azure's public cloud is.</summary>
    public static Uri PublicEndpoint(string account) => new($"https://{account}.blob.core.windows.net");

    /// <summary>The account that an address is of: its path's first segment with an emulator, else the first part of the host.</summary>
    public static string NameIn(Uri endpoint) =>
        endpoint.AbsolutePath.Trim('/').Split('/')[0] is { Length: > 0 } inPath ? inPath : endpoint.Host.Split('.')[0];

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="FormatException">It is none; the message has no secret.</exception>
    public static StorageAccount Parse(string text)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var equals))
                throw new FormatException("a part of it has no name. NAME=VALUE;NAME=VALUE is expected");
            settings[part[..equals].Trim()] = part[(equals + 1)..].Trim();
        }
        if (
            Setting("UseDevelopmentStorage") is { } emulator
            && bool.TryParse(emulator, out var isEmulator)
            && isEmulator
        )
        {
            var host = Setting("DevelopmentStorageProxyUri") ?? "http://127.0.0.1";
            return new StorageAccount(
                EmulatorName,
                Address("DevelopmentStorageProxyUri", $"{host.TrimEnd('/')}:10000/{EmulatorName}"),
                Convert.FromBase64String(EmulatorKey),
                null
            );
        }
        var endpoint = Endpoint();
        var account = new StorageAccount(
            Setting("AccountName") ?? NameIn(endpoint),
            endpoint,
            Key(),
            Setting("SharedAccessSignature")?.TrimStart('?')
        );
        return account is { Key: null, Signature: null }
            ? throw new FormatException("it has neither AccountKey nor SharedAccessSignature")
            : account;

        string? Setting(string name) => settings.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

        Uri Endpoint()
        {
            if (Setting("BlobEndpoint") is { } blobs)
                return Address("BlobEndpoint", blobs);
            var name =
                Setting("AccountName") ?? throw new FormatException("it has neither AccountName nor BlobEndpoint");
            var protocol = Setting("DefaultEndpointsProtocol") ?? "https";
            var suffix = Setting("EndpointSuffix") ?? "core.windows.net";
            return Address("EndpointSuffix", $"{protocol}://{name}.blob.{suffix}");
        }

        byte[]? Key()
        {
            if (Setting("AccountKey") is not { } key)
                return null;
            var bytes = new byte[key.Length];
            return Convert.TryFromBase64String(key, bytes, out var length)
                ? bytes[..length]
                : throw new FormatException("its AccountKey is not base64. Copy it again from the portal");
        }
    }

    private static Uri Address(string name, string text) =>
        Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https"
        && url.UserInfo.Length == 0
        && url.Query.Length == 0
            ? url
            : throw new FormatException(
                string.Create(CultureInfo.InvariantCulture, $"its {name} does not lead to an address of http or https")
            );
}
