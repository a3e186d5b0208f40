using Larder.TestKit;

namespace Larder.IntegrationTests.Packages;

/// <summary>The packages as somebody uses them who has nothing but the packages and their pages.</summary>
[Trait("Category", "Full")]
[Collection(nameof(Packages))]
public sealed class StrangerTests(PackedRepository repository) : IClassFixture<PackedRepository>
{
    private static readonly string[] Libraries =
    [
        .. Directory
            .EnumerateDirectories(Path.Combine(Repository.Root, "src"))
            .Select(path => Path.GetFileName(path)!)
            .Where(name => name != "Larder.Cli"),
    ];

    private static readonly string OnnxRuntime = Path.Combine(
        Path.GetDirectoryName(CommandProcess.ExecutablePath())!,
        "libonnxruntime.so.1"
    );

    private static readonly string Samples = Path.Combine(Repository.Root, "samples", "models");

    public static TheoryData<string> AllLibraries => [.. Libraries];

    [Theory]
    [MemberData(nameof(AllLibraries))]
    public async Task Package_OfALibrary_HasAllThatItsUserNeedsAndNothingOfThisMachine(string id)
    {
        using var package = Package.Open(repository.Packages, id);
        using var symbols = Package.Open(repository.Packages, id, "snupkg");

        await PackageChecks.DescribesItselfAsync(package, id);
        PackageChecks.HasTheLibraryAlone(package);
        await PackageChecks.AsksForWhatItNeedsAsync(package);
        await PackageChecks.HasSymbolsAsync(symbols);
    }

    [Fact]
    public async Task Package_OfTheCommand_HasWhatItRunsAndNoMore()
    {
        using var named = Package.Open(repository.Packages, "Larder.Cli");
        using var package = Package.Open(repository.Packages, "Larder.Cli.linux-x64");
        using var symbols = Package.Open(repository.Packages, "Larder.Cli.linux-x64", "snupkg");

        await PackageChecks.DescribesItselfAsync(named, "Larder.Cli");
        await PackageChecks.DescribesItselfAsync(package, "Larder.Cli");
        await PackageChecks.HasSymbolsAsync(symbols);
        Assert.Contains("tools/net10.0/linux-x64/libonnxruntime.so.1", package.Files);
        Assert.DoesNotContain(
            package.Files,
            name =>
                name.EndsWith(".lock.json", StringComparison.Ordinal)
                || Path.GetFileName(name) == "Larder.xml"
                || name.Contains("Test", StringComparison.Ordinal)
                || name.Contains("xunit", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(
            package.Files.Where(name => Path.GetFileName(name).StartsWith("Larder", StringComparison.Ordinal)),
            name => PackageChecks.NamesThisMachine(package.Read(name))
        );
    }

    [Fact]
    public async Task Command_InstalledAsATool_TellsItsVersionAndShowsItsMainJob()
    {
        var here = repository.MakeDirectory("tool");
        await repository.DotNetAsync(
            here,
            "tool",
            "install",
            "Larder.Cli",
            "--tool-path",
            "bin",
            "--version",
            Version()
        );
        var larder = Path.Combine(here, "bin", "larder");

        using var version = CommandProcess.StartProgram(larder, here, ["--version"]);
        using var demo = CommandProcess.StartProgram(larder, here, ["demo", "--once", "--urls", "http://127.0.0.1:0"]);

        Assert.StartsWith(Version(), (await version.EndAsync()).Done().Output, StringComparison.Ordinal);
        Assert.Matches(@"answer +403569\.\d+ +403569\.\d+", (await demo.EndAsync()).Done().Output);
    }

    [Theory]
    [InlineData("Larder", "", "Miss, then Hit: 0.1 0.2 0.3")]
    [InlineData("Larder.Azure", "origin", "Miss: 6 bytes in ")]
    [InlineData("Larder.Diffusion", "", "decode: DecodeNode")]
    [InlineData("Larder.Diffusion", "video", "17 pictures")]
    [InlineData("Larder.Graphs", "", "1 hit, 3 misses")]
    [InlineData("Larder.HuggingFace", "origin", "Miss: 6 bytes in ")]
    [InlineData("Larder.Onnx", "house-prices", "loaded already")]
    [InlineData("Larder.Passes", "", "compress: Computed")]
    [InlineData("Larder.Recordings", "", "0.98")]
    [InlineData("Larder.Recordings.AI", "", "You asked: What is a larder?")]
    [InlineData("Larder.S3", "origin", "Miss: 6 bytes in ")]
    [InlineData("Larder.Server", "serve", "\"models\":[]")]
    [InlineData("Larder.Workers", "", "{\"answer\": 42}")]
    public async Task Page_PastedIntoAProgramWithItsPackage_DoesWhatItSays(string id, string with, string expected)
    {
        var here = repository.MakeDirectory($"{id}-{with.Length}");
        var token = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(Path.Combine(here, "App.csproj"), Project(id), token);
        await File.WriteAllTextAsync(Path.Combine(here, "Program.cs"), await ProgramAsync(id), token);
        await repository.DotNetAsync(here, "build", "-c", "Release", "-o", "bin");

        using var app = CommandProcess.StartProgram(
            Path.Combine(here, "bin", "App"),
            here,
            await ArgumentsAsync(with, here),
            $"LARDER_ONNXRUNTIME={OnnxRuntime}"
        );

        if (with == "serve")
        {
            // It answers until it is told to stop.
            Assert.Contains(expected, await AskAsync(app), StringComparison.Ordinal);
            app.Terminate();
            (await app.EndAsync()).Done();
        }
        else
        {
            Assert.Contains(expected, (await app.EndAsync()).Done().Output, StringComparison.Ordinal);
        }
    }

    private static async Task<string> AskAsync(CommandProcess server)
    {
        var line = await server.ReadOutputToAsync("/api/models");
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(line.Split(' ')[^1]), TestContext.Current.CancellationToken);
    }

    // All that the page shows, in its order.
    private static async Task<string> ProgramAsync(string id)
    {
        var page = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "src", id, "PACKAGE.md"),
            TestContext.Current.CancellationToken
        );
        return string.Join('\n', page.Split("```csharp\n").Skip(1).Select(block => block.Split("\n```\n")[0]));
    }

    private static string Project(string id) =>
        $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{id}" Version="[{Version()}]" />
              </ItemGroup>
            </Project>
            """;

    private static async Task<string[]> ArgumentsAsync(string with, string here)
    {
        var token = TestContext.Current.CancellationToken;
        switch (with)
        {
            case "house-prices":
                var model = Path.Combine(Samples, "house-prices", "v1");
                return [model, await File.ReadAllTextAsync(Path.Combine(model, "example.json"), token)];
            case "video":
                return [Path.Combine(Samples, "video")];
            case "serve":
                return ["http://127.0.0.1:0"];
            case "origin":
                var origin = Directory.CreateDirectory(Path.Combine(here, "origin"));
                await File.WriteAllTextAsync(Path.Combine(origin.FullName, "weights"), "sixsix", token);
                return [$"file://{origin.FullName}/"];
            default:
                return [];
        }
    }

    private static string Version()
    {
        var props = File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props"));
        return props.Split("<Version>")[1].Split("</Version>")[0];
    }
}
