using Larder.TestKit;

namespace Peers;

/// <summary><c>azurite</c>: a model in a container of Azurite.</summary>
internal static class AzuritePart
{
    private const string Container = "models";
    private const double Limit = 1.2;

    public static async Task RunAsync(Setting setting)
    {
        await new Measuring.Invocation(Path.Join(Repository.Root, "eng", "azurite.sh"), "--install").RunOnceAsync();
        var opened = AzuriteAccount.Larder;
        await using var server = await ServerScript.StartAsync(
            "azurite.sh",
            setting.In("azurite"),
            opened.Name,
            opened.Key
        );
        var account = new Uri(server.Url, opened.Name).AbsoluteUri;
        var signature = opened.Sign();
        await opened.CreateContainerAsync(server.Url, Container);
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
            $"az://{opened.Name}/{Container}/",
            new() { ["AZURE_STORAGE_CONNECTION_STRING"] = opened.ConnectionString(server.Url) }
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
}
