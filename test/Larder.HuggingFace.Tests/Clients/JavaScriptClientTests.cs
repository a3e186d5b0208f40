namespace Larder.HuggingFace.Tests.Clients;

/// <summary><c>@huggingface/hub</c>, which <c>eng/hub-client.sh</c> fetches.</summary>
public sealed class JavaScriptClientTests : HubClientTests
{
    protected override async Task<string[]?> FindAsync()
    {
        var (exitCode, output, error) = await StartAsync(
            Path.Combine(TestKit.Repository.Root, "eng", "hub-client.sh"),
            []
        );
        Assert.True(exitCode == 0, error);
        return ["node", Script("client.mjs"), output.Trim()];
    }

    // Of 2.17.5; what it fetches itself it does not see there either.
    protected override bool SeesDirectories => false;

    protected override string[] Download(string cache) =>
        ["download", Hub.Endpoint.AbsoluteUri.TrimEnd('/'), Id, cache];
}
