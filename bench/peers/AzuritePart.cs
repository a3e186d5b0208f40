using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Larder.TestKit;

namespace Peers;

/// <summary><c>azurite</c>: a model in a container of Azurite.</summary>
internal static class AzuritePart
{
    private const string Account = "larderaccount";
    private const string Container = "models";
    private const double Limit = 1.2;
    private static readonly string Key = Convert.ToBase64String("larder-canary: an account's key"u8);

    public static async Task RunAsync(Setting setting)
    {
        await new Measuring.Invocation(Path.Join(Repository.Root, "eng", "azurite.sh"), "--install").RunOnceAsync();
        await using var server = await ServerScript.StartAsync("azurite.sh", setting.In("azurite"), Account, Key);
        var account = new Uri(server.Url, Account).AbsoluteUri;
        var signature = Sign();
        await UploadAsync(setting, account, signature);

        var curl = Clients.Curl(
            setting,
            Directory
                .EnumerateFiles(setting.Model)
                .Select(path => Path.GetFileName(path))
                .Select(name => ($"{account}/{Container}/{name}?{signature}", name))
        );
        var larder = Contestant.Larder(
            setting,
            $"az://{Account}/{Container}/",
            new()
            {
                ["AZURE_STORAGE_CONNECTION_STRING"] =
                    $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={account}",
            }
        );
        var contest = new Contest([curl, larder]);
        await contest.RunAsync(setting);

        var report = Contest.NewReport("A model in Azurite", curl);
        contest.Rows(report, curl, setting.SizeBytes);
        report.Result("cold pull, times curl", contest.Ratio(larder, curl), Limit);
        report.Write(setting.In("azurite.json"));
    }

    private static async Task UploadAsync(Setting setting, string account, string signature)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
        using var created = await http.PutAsync(
            new Uri($"{account}/{Container}?restype=container&{signature}"),
            content: null
        );
        created.EnsureSuccessStatusCode();
        foreach (var path in Directory.EnumerateFiles(setting.Model))
        {
            await using var file = File.OpenRead(path);
            using var content = new StreamContent(file);
            content.Headers.Add("x-ms-blob-type", "BlockBlob");
            using var put = await http.PutAsync(
                new Uri($"{account}/{Container}/{Path.GetFileName(path)}?{signature}"),
                content
            );
            put.EnsureSuccessStatusCode();
        }
    }

    /// <summary>A signature for all that is done here, valid for a day.</summary>
    /// <remarks>https://learn.microsoft.com/rest/api/storageservices/create-account-sas, version 2019-12-12.</remarks>
    private static string Sign()
    {
        const string version = "2019-12-12";
        var end = DateTime.UtcNow.AddDays(1).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var text = string.Join('\n', Account, "rwlc", "b", "co", "", end, "", "", version, "");
        var signature = Convert.ToBase64String(
            HMACSHA256.HashData(Convert.FromBase64String(Key), Encoding.UTF8.GetBytes(text))
        );
        return $"sv={version}&ss=b&srt=co&sp=rwlc&se={Uri.EscapeDataString(end)}&sig={Uri.EscapeDataString(signature)}";
    }
}
