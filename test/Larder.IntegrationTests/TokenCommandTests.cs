using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Larder.IntegrationTests;

[Trait("Category", "Integration")]
public sealed class TokenCommandTests : CommandTests
{
    [Fact]
    public async Task New_Token_IsPrintedOnceWithTheLineOfItsHash()
    {
        var result = (await RunAsync("token", "new", "--name", "ops", "--scopes", "read,admin")).Done();

        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("larder_", lines[0], StringComparison.Ordinal);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(lines[0])));
        Assert.Equal($$"""{"name":"ops","sha256":"{{hash}}","scopes":["read","admin"]}""", lines[1]);
        Assert.Contains("not shown again", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(lines[0], result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(StorePath));
    }

    [Fact]
    public async Task New_Json_IsOneDocumentAndPredictByDefault()
    {
        var result = (await RunAsync("token", "new", "--json")).Done();

        using var json = JsonDocument.Parse(result.Output);
        Assert.Equal(
            ["token", "name", "sha256", "scopes"],
            json.RootElement.EnumerateObject().Select(property => property.Name)
        );
        Assert.Equal("predict", Assert.Single(json.RootElement.GetProperty("scopes").EnumerateArray()).GetString());
        Assert.Empty(result.Error);
    }

    [Theory]
    [InlineData("--scopes", "amdin", "Did you mean 'admin'?")]
    [InlineData("--scopes", ",", "names none of predict, read, admin")]
    [InlineData("--name", "two words", "--name is no name of a token")]
    [InlineData("--name", "larder_abc", "--name is no name of a token")]
    public async Task New_WrongOption_Is2(string option, string value, string message)
    {
        var result = (await RunAsync("token", "new", option, value)).Ended(2);

        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Serve_WithTheLineInTheConfiguration_AnswersOtherAddressesToItsBearerOnly()
    {
        var made = (await RunAsync("token", "new", "--quiet", "--scopes", "predict", "--scopes", "read")).Done();
        var (token, line) = (made.Output.Split('\n')[0], made.Output.Split('\n')[1]);
        var configuration = Write("larder.json", $$"""{"server": {"tokens": [{{line}}], "stop_timeout": "5 s"} }""");
        using var process = CommandProcess.Start(
            Here,
            ["serve", "--urls", "http://0.0.0.0:0", "--config", configuration],
            [$"LARDER_STORE={StorePath}"]
        );
        var started = await process.ReadErrorToAsync("Larder serves");
        var url = started.Split(' ').Single(word => word.StartsWith("http://", StringComparison.Ordinal));
        using var http = new HttpClient
        {
            BaseAddress = new Uri(url.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)),
        };

        using var stranger = await http.GetAsync("/api/models", TestContext.Current.CancellationToken);
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var bearer = await http.GetAsync("/api/models", TestContext.Current.CancellationToken);
        process.Terminate();
        var result = (await process.EndAsync()).Done();

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (stranger.StatusCode, bearer.StatusCode));
        Assert.Contains("Callers need one of 1 access tokens", result.Error, StringComparison.Ordinal);
        Assert.Contains("in clear text", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(token, result.Error + result.Output, StringComparison.Ordinal);
    }
}
