using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Larder.TestKit;

/// <summary>An account of Azurite's, and what opens it.</summary>
/// <param name="Name">The account.</param>
/// <param name="Key">Its key, base64.</param>
public sealed record AzuriteAccount(string Name, string Key)
{
    /// <summary>The one that servers here are started with; its key can be told in whatever is printed.</summary>
    public static AzuriteAccount Larder { get; } =
        new("larderaccount", Convert.ToBase64String("larder-canary: an account's key"u8));

    /// <summary>The connection string for a server at some port of this machine.</summary>
    public string ConnectionString(Uri server) =>
        $"DefaultEndpointsProtocol=http;AccountName={Name};AccountKey={Key};BlobEndpoint={new Uri(server, Name).AbsoluteUri}";

    /// <summary>Makes a container.</summary>
    public async Task CreateContainerAsync(Uri server, string container)
    {
        using var http = new HttpClient();
        using var created = await http.PutAsync(
            new Uri($"{new Uri(server, Name).AbsoluteUri}/{container}?restype=container&{Sign()}"),
            content: null
        );
        created.EnsureSuccessStatusCode();
    }

    /// <summary>A signature for all that is done here, valid for a day.</summary>
    /// <remarks>https://learn.microsoft.com/rest/api/storageservices/create-account-sas, version 2019-12-12.</remarks>
    public string Sign()
    {
        const string version = "2019-12-12";
        var end = TimeProvider
            .System.GetUtcNow()
            .AddDays(1)
            .ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var text = string.Join('\n', Name, "rwdlac", "b", "sco", "", end, "", "", version, "");
        var signature = Convert.ToBase64String(
            HMACSHA256.HashData(Convert.FromBase64String(Key), Encoding.UTF8.GetBytes(text))
        );
        return $"sv={version}&ss=b&srt=sco&sp=rwdlac&se={Uri.EscapeDataString(end)}&sig={Uri.EscapeDataString(signature)}";
    }
}
