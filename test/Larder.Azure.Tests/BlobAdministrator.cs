using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Larder.Azure.Tests;

/// <summary>Makes containers and blobs, and signatures for them, by an account's key.</summary>
/// <param name="server">Where Azurite answers.</param>
/// <param name="http">Connects to it.</param>
public sealed class BlobAdministrator(Uri server, HttpClient http)
{
    private const string Version = "2021-12-02";

    /// <summary>The account's address.</summary>
    public Uri Endpoint => new(server, Azurite.Account);

    /// <summary>The account with its key, or with another.</summary>
    public string ConnectionString(string? key = null, Uri? at = null) =>
        $"DefaultEndpointsProtocol=http;AccountName={Azurite.Account};AccountKey={key ?? Azurite.Key};BlobEndpoint={at ?? Endpoint}";

    /// <summary>Makes a container and returns its name.</summary>
    public async Task<string> NewContainerAsync()
    {
        var name = $"c-{Guid.NewGuid():n}";
        await SendAsync(HttpMethod.Put, $"/{name}?restype=container");
        return name;
    }

    /// <summary>Writes a blob; returns the version that it has, where the service keeps versions.</summary>
    public async Task PutAsync(
        string container,
        string name,
        byte[] bytes,
        params (string Name, string Value)[] headers
    ) => await SendAsync(HttpMethod.Put, PathOf(container, name), bytes, [("x-ms-blob-type", "BlockBlob"), .. headers]);

    public async Task DeleteAsync(string container, string name) =>
        await SendAsync(HttpMethod.Delete, PathOf(container, name));

    /// <summary>A signature that lets one read and list a container.</summary>
    public static string Sign(string container, DateTimeOffset until, string permissions = "rl", string? blob = null)
    {
        var end = until.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var resource = $"/blob/{Azurite.Account}/{container}{(blob is null ? "" : "/" + blob)}";
        var kind = blob is null ? "c" : "b";
        // https://learn.microsoft.com/rest/api/storageservices/create-service-sas, version 2020-12-06 and later
        var text = string.Join(
            '\n',
            permissions,
            "",
            end,
            resource,
            "",
            "",
            "",
            Version,
            kind,
            "",
            "",
            "",
            "",
            "",
            "",
            ""
        );
        var signature = Convert.ToBase64String(
            HMACSHA256.HashData(Convert.FromBase64String(Azurite.Key), Encoding.UTF8.GetBytes(text))
        );
        return $"sv={Version}&se={Uri.EscapeDataString(end)}&sr={kind}&sp={permissions}&sig={Uri.EscapeDataString(signature)}";
    }

    private static string PathOf(string container, string name) =>
        $"/{container}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}";

    private async Task SendAsync(
        HttpMethod method,
        string path,
        byte[]? body = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(Endpoint + path));
        request.Content = method == HttpMethod.Put ? new ByteArrayContent(body ?? []) : null;
        var signed = new Dictionary<string, string>
        {
            ["x-ms-date"] = DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture),
            ["x-ms-version"] = Version,
            ["Content-Length"] = (body?.Length ?? 0).ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in headers)
            signed[name] = value;
        var text = SharedKey.StringToSign(method.Method, request.RequestUri!, Azurite.Account, signed);
        foreach (var (name, value) in signed.Where(header => header.Key != "Content-Length"))
            request.Headers.TryAddWithoutValidation(name, value);
        var signature = HMACSHA256.HashData(Convert.FromBase64String(Azurite.Key), Encoding.UTF8.GetBytes(text));
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"SharedKey {Azurite.Account}:{Convert.ToBase64String(signature)}"
        );
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        if (response.StatusCode is not (HttpStatusCode.Created or HttpStatusCode.Accepted))
            throw new InvalidOperationException(
                $"{method} {path} was answered {response}: {await response.Content.ReadAsStringAsync()}"
            );
    }
}
