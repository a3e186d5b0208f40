using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Larder.TestKit;

namespace Larder.IntegrationTests.Workflows;

/// <summary>A container in an Azurite of its own.</summary>
internal sealed class AzuriteTeamStore : ITeamStore
{
    private const string Account = "larderaccount";
    private const string Container = "team";
    private static readonly string Key = Convert.ToBase64String("larder-canary: an account's key"u8);

    private readonly TempDirectory _directory = new();
    private ServerScript? _server;

    public string Url => $"az://{Account}/{Container}/models";

    public IReadOnlyList<string> Environment =>
        [
            $"AZURE_STORAGE_CONNECTION_STRING=DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={Endpoint}",
        ];

    private string Endpoint => new Uri(_server!.Url, Account).AbsoluteUri;

    public static async Task<AzuriteTeamStore> StartAsync()
    {
        var store = new AzuriteTeamStore();
        store._server = await ServerScript.StartAsync("azurite.sh", store._directory["azurite"], Account, Key);
        using var http = new HttpClient();
        using var created = await http.PutAsync(
            new Uri($"{store.Endpoint}/{Container}?restype=container&{Sign()}"),
            content: null
        );
        created.EnsureSuccessStatusCode();
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _directory.Dispose();
    }

    // https://learn.microsoft.com/rest/api/storageservices/create-account-sas, version 2019-12-12.
    private static string Sign()
    {
        const string version = "2019-12-12";
        var end = DateTimeOffset.MaxValue.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var text = string.Join('\n', Account, "rwlc", "b", "co", "", end, "", "", version, "");
        var signature = Convert.ToBase64String(
            HMACSHA256.HashData(Convert.FromBase64String(Key), Encoding.UTF8.GetBytes(text))
        );
        return $"sv={version}&ss=b&srt=co&sp=rwlc&se={Uri.EscapeDataString(end)}&sig={Uri.EscapeDataString(signature)}";
    }
}
