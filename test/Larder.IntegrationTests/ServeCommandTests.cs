using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Larder.TestKit;

namespace Larder.IntegrationTests;

[Trait("Category", "Integration")]
public sealed class ServeCommandTests : CommandTests
{
    private static readonly string Body = File.ReadAllText(Example(Prices));

    [Fact]
    public async Task Serve_KilledInTheMiddleOfAFirstPull_AnswersAfterARestartAndLeavesNothingBehind()
    {
        var model = ModelBytes(Prices);
        var gate = new Gate();
        gate.Close();
        await using var origin = new ScriptedHttpServer(async exchange =>
        {
            await exchange.SendHeadAsync(200, model.Length, "ETag: \"v1\"");
            if (exchange.IsHead)
                return;
            await exchange.SendBodyAsync(model.AsMemory(0, model.Length / 2));
            await gate.PassAsync(exchange.Stopping);
            await exchange.SendBodyAsync(model.AsMemory(model.Length / 2));
        });
        var configuration = Serving("prices", origin.Url("/model.onnx"));
        using (var first = await StartAsync("--config", configuration))
        {
            var lost = first.PredictAsync("prices", Body);
            await gate.Reached;
            await first.Process.KillAsync();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => lost);
        }
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(StorePath, "staging"), "*", SearchOption.AllDirectories));
        gate.Open();

        using var second = await StartAsync("--config", configuration);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(StorePath, "staging")));
        var answer = await second.PredictAsync("prices", Body);

        Assert.Equal(403569, answer.GetProperty("prediction").GetDouble(), 0.5);
        second.Process.Terminate();
        (await second.Process.EndAsync()).Done();
        StoreOnDisk.AssertWhole(StorePath);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Serve_StoppedWhileAPredictionWaits_AnswersItAndIsDone(bool interrupted)
    {
        var gate = new Gate();
        gate.Close();
        await using var origin = new ScriptedHttpServer(async exchange =>
        {
            await gate.PassAsync(exchange.Stopping);
            await exchange.AnswerAsync(200, ModelBytes(Prices), "ETag: \"v1\"");
        });
        using var server = await StartAsync("--config", Serving("prices", origin.Url("/model.onnx")));
        var waiting = server.PredictAsync("prices", Body);
        await gate.Reached;

        if (interrupted)
            server.Process.Interrupt();
        else
            server.Process.Terminate();
        await server.Process.ReadErrorToAsync("Larder stops");
        gate.Open();

        Assert.Equal(403569, (await waiting).GetProperty("prediction").GetDouble(), 0.5);
        Assert.Empty((await server.Process.EndAsync()).Done().Output);
    }

    [Fact]
    public async Task Serve_AddressInUse_Is1AndSaysWhatToDo()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = string.Create(CultureInfo.InvariantCulture, $"http://{taken.LocalEndpoint}");

        var result = (await RunAsync("serve", "--urls", url)).Ended(1);

        Assert.Contains($"cannot listen at {url}", result.Error, StringComparison.Ordinal);
        Assert.Contains("--urls", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_PortThatCannotBeChosen_Is1WithoutATrace()
    {
        var result = (await RunAsync("serve", "--urls", "http://localhost:0")).Ended(1);

        Assert.Contains("cannot listen at http://localhost:0", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_AddressThatOthersReach_Is2()
    {
        var result = (await RunAsync("serve", "--urls", "http://0.0.0.0:0")).Ended(2);

        Assert.Contains("answers this machine only", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_SettingsOfTheFramework_OpenNoOtherAddress()
    {
        await File.WriteAllTextAsync(
            At("appsettings.json"),
            """{"Kestrel": {"Endpoints": {"Open": {"Url": "http://0.0.0.0:0"}}}, "AllowedHosts": "*"}""",
            TestContext.Current.CancellationToken
        );
        using var server = await ServerProcess.StartAsync(
            Here,
            ["--verbose"],
            $"LARDER_STORE={StorePath}",
            "Kestrel__Endpoints__Wide__Url=http://0.0.0.0:0",
            "ASPNETCORE_URLS=http://0.0.0.0:0"
        );

        server.Process.Terminate();
        var result = (await server.Process.EndAsync()).Done();

        Assert.DoesNotContain("0.0.0.0", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n'), line => line.Contains("Larder serves", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Serve_Offline_AsksNoOrigin()
    {
        await using var origin = new ScriptedHttpServer(_ =>
            throw new InvalidOperationException("The origin was asked.")
        );
        using var server = await ServerProcess.StartAsync(
            Here,
            ["--config", Serving("prices", origin.Url("/model.onnx"))],
            $"LARDER_STORE={StorePath}",
            "LARDER_OFFLINE=1"
        );

        var answer = await server.PredictAsync("prices", Body);

        Assert.Equal("urn:larder:problem:not-stored", answer.GetProperty("type").GetString());
        Assert.Empty(origin.Requests);
    }

    [Fact]
    public async Task Serve_HungUp_ReadsItsConfigurationAndGoesOn()
    {
        using var server = await StartAsync("--config", Serving("prices", new Uri(Sample(Prices)).AbsoluteUri));

        server.Process.HangUp();
        await server.Process.ReadErrorToAsync("Took over the configuration");
        Serving("renamed", new Uri(Sample(Prices)).AbsoluteUri);
        server.Process.HangUp();
        await server.Process.ReadErrorToAsync("with 2 changed settings");
        var answer = await server.PredictAsync("renamed", Body);

        Assert.Equal(403569, answer.GetProperty("prediction").GetDouble(), 0.5);
        server.Process.Terminate();
        (await server.Process.EndAsync()).Done();
    }

    [Fact]
    public async Task Serve_Restarted_WarmsWhatWasUsedBefore()
    {
        var configuration = Write(
            "used.json",
            JsonSerializer.Serialize(
                new Dictionary<string, object>
                {
                    ["models"] = new Dictionary<string, object>
                    {
                        ["prices"] = new Dictionary<string, string> { ["from"] = new Uri(Sample(Prices)).AbsoluteUri },
                        ["sentiment"] = new Dictionary<string, string>
                        {
                            ["from"] = new Uri(Sample("sentiment")).AbsoluteUri,
                        },
                    },
                    ["server"] = new Dictionary<string, string> { ["warm"] = "used" },
                }
            )
        );
        using (var first = await StartAsync("--config", configuration))
        {
            await first.PredictAsync("prices", Body);
            await first.PredictAsync("prices", Body);
            first.Process.Terminate();
            (await first.Process.EndAsync()).Done();
        }

        using var second = await StartAsync("--config", configuration);
        await second.Process.ReadErrorToAsync("Warmed prices");
        var answer = await second.PredictAsync("prices", Body);
        second.Process.Terminate();

        Assert.Equal("hit", answer.GetProperty("cache").GetProperty("graph").GetString());
        Assert.DoesNotContain(
            "Warmed sentiment",
            (await second.Process.EndAsync()).Done().Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Serve_Started_SaysWhereAndThatOnlyThisMachineIsAnswered()
    {
        using var server = await StartAsync("--config", Serving("prices", new Uri(Sample(Prices)).AbsoluteUri));
        await server.PredictAsync("prices", Body);
        server.Process.Terminate();

        var result = (await server.Process.EndAsync()).Done();

        Assert.Contains("Larder serves 1 models at http://127.0.0.1:", result.Error, StringComparison.Ordinal);
        Assert.Contains("loopback addresses only", result.Error, StringComparison.Ordinal);
        // No line for each request: a hot prediction takes less time than writing one.
        Assert.DoesNotContain("HTTP/1.1", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    private Task<ServerProcess> StartAsync(params string[] arguments) =>
        ServerProcess.StartAsync(Here, arguments, $"LARDER_STORE={StorePath}");
}
