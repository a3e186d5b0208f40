using System.Text;
using Larder.TestKit;

namespace Larder.IntegrationTests;

// Blobs of Azure through the command; what the service itself does is tested with the origin.
public sealed partial class PullCommandTests
{
    private const string AzureList = """
        <?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs><Blob><Name>v1/model.onnx</Name><Properties><Etag>0x8D</Etag><Content-Length>4</Content-Length></Properties></Blob></Blobs><NextMarker /></EnumerationResults>
        """;

    [Fact]
    public async Task Pull_AzureBlobs_TakesTheConnectionStringOfTheEnvironment()
    {
        await using var origin = AzureServer();

        var result = (await PullFromAzureAsync(origin)).Done();

        Assert.Equal("az://models/team/v1/", result.Json.GetProperty("reference").GetString());
        Assert.Equal(4, result.Json.GetProperty("bytes_fetched").GetInt64());
        Assert.Equal(2, origin.Requests.Count);
    }

    [Fact]
    public async Task Pull_FromElsewhere_LoadsNoLibraryOfAzure()
    {
        await using var origin = AzureServer();

        (await RunAsync(["pull", Sample(Prices)], [$"LARDER_STORE={StorePath}", .. Tracing("miss")])).Done();
        (await RunAsync(["pull", Sample(Prices)], [$"LARDER_STORE={StorePath}", .. Tracing("hit")])).Done();
        (await PullFromAzureAsync(origin, Tracing("azure"))).Done();

        foreach (var pull in new[] { "miss", "hit" })
        {
            // That the trace names what is loaded, and then that this is not.
            Assert.True(IsLoadedIn(pull, "Larder.Server.dll"));
            Assert.False(IsLoadedIn(pull, "Azure.Core.dll"));
            Assert.False(IsLoadedIn(pull, "Azure.Identity.dll"));
        }
        Assert.True(IsLoadedIn("azure", "Azure.Core.dll"));
        // Who has a key asks nobody for a token.
        Assert.False(IsLoadedIn("azure", "Microsoft.Identity.Client.dll"));
    }

    private static ScriptedHttpServer AzureServer() =>
        new(exchange =>
            exchange.Target.Contains("comp=list", StringComparison.Ordinal)
                ? exchange.AnswerAsync(200, Encoding.UTF8.GetBytes(AzureList))
                : exchange.AnswerAsync(200, "1234"u8.ToArray(), "ETag: \"0x8D\"")
        );

    private Task<CommandResult> PullFromAzureAsync(ScriptedHttpServer origin, params string[] environment) =>
        RunAsync(
            ["pull", "az://models/team/v1/", "--json"],
            [
                $"LARDER_STORE={StorePath}",
                $"AZURE_STORAGE_CONNECTION_STRING=AccountName=models;AccountKey=aa==;BlobEndpoint={origin.Url("/models")}",
                .. environment,
            ]
        );

    // The runtime's own trace, of the assemblies that it loads.
    private string[] Tracing(string name) =>
        [
            "DOTNET_EnableEventPipe=1",
            $"DOTNET_EventPipeOutputPath={At(name)}.nettrace",
            "DOTNET_EventPipeConfig=Microsoft-Windows-DotNETRuntime:0x8:4",
        ];

    private bool IsLoadedIn(string name, string assembly) =>
        File.ReadAllBytes($"{At(name)}.nettrace").AsSpan().IndexOf(Encoding.Unicode.GetBytes("/" + assembly)) >= 0;
}
