using System.ComponentModel;

namespace Larder.HuggingFace.Tests.Clients;

/// <summary><c>huggingface_hub</c>, where there is a Python that has it; <c>LARDER_PYTHON</c> names another than <c>python3</c>.</summary>
public sealed class PythonClientTests : HubClientTests
{
    protected override async Task<string[]?> FindAsync()
    {
        var python = Environment.GetEnvironmentVariable("LARDER_PYTHON") is { Length: > 0 } named ? named : "python3";
        try
        {
            var (exitCode, _, _) = await StartAsync(python, ["-c", "import huggingface_hub"]);
            return exitCode == 0 ? [python, Script("client.py")] : null;
        }
        catch (Win32Exception)
        {
            return null; // There is no Python at all.
        }
    }

    protected override string[] Download(string cache) => ["download", Id, cache];

    [Theory]
    [InlineData("@main", "main")]
    [InlineData("@refs/pr/1", "refs/pr/1")]
    public async Task Offline_AnExport_IsFound(string reference, string revision)
    {
        PutModel();
        Repository.Name("refs/pr/1");
        var export = await ExportAsync(reference);

        var byName = await RunAsync("offline", Id, revision, Root);
        var byCommit = await RunAsync("offline", Id, export.Commit, Root);

        Assert.Equal(export.Path, byName.GetProperty("path").GetString());
        Assert.Equal(export.Path, byCommit.GetProperty("path").GetString());
    }

    [Fact]
    public async Task Offline_WithAFileMissing_IsNoticedByTheListOfTheCommit()
    {
        PutModel();
        var export = await ExportAsync("@main");
        File.Delete(Path.Combine(export.Path, "config.json"));

        var found = await FindAsync();
        if (found is not [var python, var script])
        {
            Assert.Skip("The client is not to be had here.");
            return;
        }
        var (exitCode, _, error) = await StartAsync(python, [script, "offline", Id, "main", Root]);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("IncompleteSnapshotError", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_IntoAnExport_FetchesNoFile()
    {
        PutModel();
        await ExportAsync("@main");
        var (before, elsewhere) = (Hub.Requests.Count, Hub.RequestsElsewhere.Count);

        await RunAsync(Download(Root));

        Assert.NotEqual(before, Hub.Requests.Count);
        Assert.DoesNotContain(
            Hub.Requests.Skip(before),
            request => request.StartsWith("GET /org/repo/resolve", StringComparison.Ordinal)
        );
        Assert.Equal(elsewhere, Hub.RequestsElsewhere.Count);
    }
}
