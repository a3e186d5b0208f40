using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Larder.Server;
using Larder.Server.Configuration;

namespace Larder.Cli.Tests.Documents;

/// <summary>What the files of <c>docs/deploy</c> name (versions, paths, ports, commands) is what the repository has.</summary>
public sealed partial class DeployTests
{
    private static readonly string[] Dockerfile = Lines("docs/deploy/Dockerfile");
    private static readonly string[] Unit = Lines("docs/deploy/larder.service");

    [Fact]
    public void Dockerfile_Images_AreOfTheVersionsThatTheRepositoryIsBuiltWith()
    {
        using var global = JsonDocument.Parse(Pages.Read("global.json"));
        var sdk = global.RootElement.GetProperty("sdk").GetProperty("version").GetString()!;
        var framework = FrameworkVersion().Match(Pages.Read("Directory.Build.props")).Groups["version"].Value;

        Assert.Equal(
            [$"mcr.microsoft.com/dotnet/sdk:{sdk} AS build", $"mcr.microsoft.com/dotnet/aspnet:{framework}"],
            Instructions("FROM")
        );
    }

    [Fact]
    public void Dockerfile_Build_InstallsAndCallsWhatThereIs()
    {
        var runs = Instructions("RUN");
        var target = runs.Single(run => run.StartsWith("make ", StringComparison.Ordinal)).Split(' ')[1];

        // The SDK's image has neither of them; whatever else is missing, the script that the target begins with installs.
        Assert.Contains(" make npm ", runs[0], StringComparison.Ordinal);
        Assert.Matches($@"(?m)^{target}:.*\n\t@eng/prerequisites\.sh\n\t@eng/{target}\.sh$", Pages.Read("Makefile"));
    }

    [Fact]
    public void Dockerfile_Copy_TakesWhatTheBuildWritesAndStartsIt()
    {
        var copy = Instructions("COPY")
            .Single(line => line.StartsWith("--from=build ", StringComparison.Ordinal))
            .Split(' ');
        var written = copy[1][(Instructions("WORKDIR").Single().Length + 1)..];

        Assert.Contains($" -o {written} ", Pages.Read("eng/publish.sh"), StringComparison.Ordinal);
        Assert.Equal([$"{copy[2]}/larder"], Strings(Instructions("ENTRYPOINT").Single()));
        Assert.Contains($"PATH={copy[2]}:$PATH", Instructions("ENV").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Dockerfile_Command_IsTakenAndListensAtTheExposedPort()
    {
        var command = Strings(Instructions("CMD").Single());
        var port = new Uri(LarderServer.DefaultUrl).Port.ToString(CultureInfo.InvariantCulture);

        Assert.Empty(CommandLines.Parse($"larder {string.Join(' ', command)}").Errors);
        Assert.Equal(port, Instructions("EXPOSE").Single());
        Assert.Equal($"http://0.0.0.0:{port}", command[^1]);
    }

    [Fact]
    public void Dockerfile_Store_BelongsToTheUserOfTheServer()
    {
        var store = Instructions("VOLUME").Single();
        var user = Instructions("USER").Single();

        Assert.Contains($"mkdir -p {store} && chown {user}:{user} {store}", Instructions("RUN"));
        Assert.Contains($"LARDER_STORE={store} ", Instructions("ENV").Single(), StringComparison.Ordinal);
        Assert.NotEqual("0", user);
    }

    [Fact]
    public void Unit_Start_IsTakenAndWhereThePageSays()
    {
        var start = Setting("ExecStart");
        var program = start.Split(' ')[0];

        Assert.Empty(CommandLines.Parse($"larder {start[(program.Length + 1)..]}").Errors);
        Assert.Contains($"`{Path.GetDirectoryName(program)}`", Pages.Read("docs/install.md"), StringComparison.Ordinal);
        Assert.Contains("/etc/larder/larder.json", Strings(Instructions("CMD").Single()));
        Assert.Contains("/etc/larder/larder.json", start, StringComparison.Ordinal);
    }

    [Fact]
    public void Unit_Store_IsTheDirectoryThatSystemdMakes() =>
        Assert.Equal($"LARDER_STORE=/var/cache/{Setting("CacheDirectory")}", Setting("Environment"));

    [Fact]
    public void Unit_Stop_WaitsForTheServerAndTellsNoWorker()
    {
        var defaults = new ServerOptions();
        var limit = TimeSpan.FromSeconds(int.Parse(Setting("TimeoutStopSec"), CultureInfo.InvariantCulture));

        Assert.True(limit > defaults.StopDelay + defaults.StopTimeout);
        Assert.Equal("mixed", Setting("KillMode"));
        Assert.Equal("/bin/kill -HUP $MAINPID", Setting("ExecReload"));
    }

    private static string[] Lines(string path) => Pages.Read(path).Split('\n');

    private static List<string> Instructions(string name) =>
        [
            .. Dockerfile
                .Where(line => line.StartsWith($"{name} ", StringComparison.Ordinal))
                .Select(line => line[(name.Length + 1)..]),
        ];

    private static string[] Strings(string json) => JsonSerializer.Deserialize<string[]>(json)!;

    private static string Setting(string name) =>
        Unit.Single(line => line.StartsWith($"{name}=", StringComparison.Ordinal))[(name.Length + 1)..];

    [GeneratedRegex(
        "<TargetFramework>net(?<version>[0-9.]+)</TargetFramework>",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex FrameworkVersion();
}
