using Larder.TestKit;

namespace Larder.IntegrationTests.Packages;

/// <summary>All packages of the repository, and a cache of packages that has none of them from an earlier time.</summary>
public sealed class PackedRepository : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();

    /// <summary>The directory that the packages lie in.</summary>
    public string Packages => _directory["feed"];

    public async ValueTask InitializeAsync()
    {
        await PackageChecks.PackAsync(Packages);
        // Beside the usual sources; what others have published is taken from where it was fetched before, if it was.
        await File.WriteAllTextAsync(
            _directory["nuget.config"],
            $"""
            <configuration>
              <packageSources><add key="larder" value="{Packages}" /></packageSources>
              <fallbackPackageFolders><add key="fetched" value="{Fetched()}" /></fallbackPackageFolders>
            </configuration>
            """,
            TestContext.Current.CancellationToken
        );
    }

    /// <summary>Runs <c>dotnet</c> in a directory below this one, as somebody who has the packages and not the repository.</summary>
    internal async Task<CommandResult> DotNetAsync(string directory, params IReadOnlyList<string> arguments)
    {
        using var process = CommandProcess.StartProgram(
            "dotnet",
            directory,
            arguments,
            $"NUGET_PACKAGES={_directory["cache"]}",
            "DOTNET_NOLOGO=1",
            "MSBUILDDISABLENODEREUSE=1"
        );
        return (await process.EndAsync()).Done();
    }

    /// <summary>A new directory outside of the repository.</summary>
    public string MakeDirectory(string name) => Directory.CreateDirectory(_directory[name]).FullName;

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Fetched()
    {
        var folder =
            Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        Assert.False(
            Directory.Exists(Path.Combine(folder, "larder")),
            $"'{folder}' has packages of Larder from an earlier time, which would be tested in place of these: remove its larder*."
        );
        return Directory.CreateDirectory(folder).FullName;
    }
}
