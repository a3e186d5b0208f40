using System.Diagnostics;
using System.Text.Json;
using Larder.HuggingFace.Export;
using Larder.TestKit;

namespace Larder.HuggingFace.Tests.Clients;

/// <summary>What the Hub's own clients make of what Larder writes, and of the Hub that the other tests rest on.</summary>
[Trait("Category", "Integration")]
public abstract class HubClientTests : HubTests
{
    private const string Folder = "models--org--repo";

    private protected string Root => At("hub");

    /// <summary>The command that runs the client's script; null where the client is not to be had, which skips the test.</summary>
    protected abstract Task<string[]?> FindAsync();

    /// <summary>Whether its scan looks into the directories of a model.</summary>
    protected virtual bool SeesDirectories => true;

    /// <summary>The arguments that have it fetch the repository.</summary>
    protected abstract string[] Download(string cache);

    [Fact]
    public async Task Scan_Exports_FindsThemAndWarnsOfNothing()
    {
        PutModel();
        Repository.Name("v1");
        var first = await ExportAsync("@v1");
        Repository.Put("config.json", "{\"v\":2}"u8.ToArray());
        var second = await ExportAsync("@main");

        var scan = await RunAsync("scan", Root);

        Assert.Equal(0, scan.GetProperty("warnings").GetArrayLength());
        var repository = Assert.Single(scan.GetProperty("repositories").EnumerateArray());
        Assert.Equal(Id, repository.GetProperty("name").GetString());
        Assert.Equal(
            new[] { (first.Commit, "v1"), (second.Commit, "main") }.Order(),
            repository
                .GetProperty("commits")
                .EnumerateArray()
                .Select(commit =>
                    (commit.GetProperty("commit").GetString()!, commit.GetProperty("refs")[0].GetString()!)
                )
                .Order()
        );
        foreach (var commit in repository.GetProperty("commits").EnumerateArray())
        {
            Assert.Equal(
                Repository
                    .FilesOf(commit.GetProperty("commit").GetString()!)
                    .Where(file => SeesDirectories || !file.Key.Contains('/', StringComparison.Ordinal))
                    .Select(file => (file.Key, file.Value.Bytes.Length))
                    .Order(),
                commit
                    .GetProperty("files")
                    .EnumerateArray()
                    .Select(file => (file.GetProperty("path").GetString()!, file.GetProperty("bytes").GetInt32()))
                    .Order()
            );
        }
    }

    [Fact]
    public async Task Download_IntoACacheOfItsOwn_MakesWhatAnExportMakes()
    {
        PutModel();
        await ExportAsync("@main");

        await RunAsync(Download(At("its")));

        Assert.Equal(Layout(At("its")), Layout(Root));
    }

    private protected void PutModel()
    {
        Repository.Put("config.json", "{}"u8.ToArray());
        Repository.Put("README.md", "read me"u8.ToArray());
        Repository.Put("onnx/model.onnx", TestBytes.Of(50_000));
        Repository.Put("onnx/deep/weights.bin", TestBytes.Of(70_000, seed: 2));
        Repository.Put("with space & more.bin", TestBytes.Of(1000, seed: 3));
    }

    private protected async Task<HubExport> ExportAsync(string revision)
    {
        var cache = Cache(store: $"store-{Guid.NewGuid():n}");
        return new HubCache(Root).Export(cache, await PullAsync(cache, Reference(revision)));
    }

    private protected async Task<JsonElement> RunAsync(params string[] arguments)
    {
        if (await FindAsync() is not [var program, .. var script])
        {
            Assert.Skip("The client is not to be had here.");
            return default;
        }
        var (exitCode, output, error) = await StartAsync(program, [.. script, .. arguments]);
        Assert.True(exitCode == 0, $"The client ended with {exitCode}.\n{output}\n{error}");
        using var document = JsonDocument.Parse(output.Trim().Split('\n')[^1]);
        return document.RootElement.Clone();
    }

    private protected async Task<(int ExitCode, string Output, string Error)> StartAsync(
        string program,
        IEnumerable<string> arguments
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = TestKit.Repository.Root,
        };
        start.Environment["HF_ENDPOINT"] = Hub.Endpoint.AbsoluteUri.TrimEnd('/');
        start.Environment["HF_HOME"] = At("hf-home");
        start.Environment["HF_HUB_DISABLE_TELEMETRY"] = "1";
        start.Environment["HF_HUB_DISABLE_PROGRESS_BARS"] = "1";
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            var asked = string.Join('\n', Hub.Requests.Concat(Hub.RequestsElsewhere));
            throw new InvalidOperationException($"The client did not end. It asked:\n{asked}", late);
        }
    }

    private protected static string Script(string name) =>
        Path.Combine(TestKit.Repository.Root, "test", "Larder.HuggingFace.Tests", "Clients", name);

    // Names, where links lead, and what is in files; not what the clients keep besides, nor where each has it from.
    private static List<string> Layout(string root) =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(root, Folder), "*", SearchOption.AllDirectories)
                .Select(path => (Path.GetRelativePath(root, path), path))
                .Where(file =>
                    !file.Item1.StartsWith($"{Folder}/trees/", StringComparison.Ordinal)
                    && !file.Item1.StartsWith($"{Folder}/.no_exist/", StringComparison.Ordinal)
                )
                .Select(file =>
                    $"{file.Item1} {new FileInfo(file.path).LinkTarget ?? Convert.ToHexString(File.ReadAllBytes(file.path).Take(64).ToArray())}"
                )
                .Order(StringComparer.Ordinal),
        ];
}
