using System.Reflection.Metadata;
using System.Text;
using System.Xml.Linq;
using Larder.TestKit;

namespace Larder.IntegrationTests.Packages;

/// <summary>What every package has to have, and what none may.</summary>
internal static class PackageChecks
{
    // Of the format of portable symbols: where a debugger gets the sources from.
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    /// <summary>Packs projects of the repository, all of them when none is named.</summary>
    public static async Task PackAsync(string directory, params string[] projects)
    {
        using var pack = CommandProcess.StartProgram(
            Path.Combine(Repository.Root, "eng", "pack.sh"),
            Repository.Root,
            [directory, .. projects]
        );
        (await pack.EndAsync()).Done();
    }

    /// <summary>Checks what a package tells its reader and his tools.</summary>
    public static async Task DescribesItselfAsync(Package package, string project)
    {
        var root = Repository.Root;
        Assert.Equal("MIT", package.Value("license"));
        Assert.Equal("README.md", package.Value("readme"));
        Assert.Equal(await ReadAsync($"src/{project}/PACKAGE.md"), Encoding.UTF8.GetString(package.Read("README.md")));
        Assert.True(package.Value("description")!.Length > 40);

        var repository = package.Metadata.Elements().Single(element => element.Name.LocalName == "repository");
        Assert.Equal(
            (await Tool.RunAsync(root, "git", "rev-parse", "HEAD")).Trim(),
            repository.Attribute("commit")!.Value
        );
        Assert.True(!await HasKnownHostAsync() || repository.Attribute("url") is not null);
    }

    /// <summary>Checks that a library's package has the library, its documentation and nothing else.</summary>
    public static void HasTheLibraryAlone(Package package)
    {
        Assert.Equal(["README.md", $"lib/net10.0/{package.Id}.dll", $"lib/net10.0/{package.Id}.xml"], package.Files);
        using var text = new MemoryStream(package.Read(package.Files[2]));
        var members = XDocument.Load(text).Descendants("member").Select(member => member.Attribute("name")!.Value);
        Assert.Contains(members, name => name.StartsWith($"T:{package.Id}.", StringComparison.Ordinal));
        Assert.False(NamesThisMachine(package.Read(package.Files[1])), $"{package.Id} has a path of this machine.");
    }

    /// <summary>Checks that siblings are asked for in this very version, and others only if they are among the central ones.</summary>
    public static async Task AsksForWhatItNeedsAsync(Package package)
    {
        var central = XDocument
            .Parse(await ReadAsync("Directory.Packages.props"))
            .Descendants("ItemGroup")
            .Single(group => group.Attribute("Label")?.Value == "Libraries")
            .Elements()
            .ToDictionary(
                e => e.Attribute("Include")!.Value,
                e => e.Attribute("Version")!.Value,
                StringComparer.Ordinal
            );
        var project = XDocument.Parse(await ReadAsync($"src/{package.Id}/{package.Id}.csproj"));
        var siblings = project
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

        Assert.Equal(
            siblings.Order(StringComparer.Ordinal),
            package.Dependencies.Keys.Where(IsOurs).Order(StringComparer.Ordinal)
        );
        foreach (var (id, version) in package.Dependencies)
            Assert.Equal(IsOurs(id) ? $"[{package.Value("version")}]" : central.GetValueOrDefault(id), version);
    }

    /// <summary>Checks symbols: of every source, under names that are the same wherever they were built.</summary>
    public static async Task HasSymbolsAsync(Package symbols)
    {
        var files = symbols.Files.Where(name => name.EndsWith(".pdb", StringComparison.Ordinal)).ToList();
        Assert.Contains(
            files,
            name =>
                name.EndsWith(
                    $"/{symbols.Id.Replace(".linux-x64", "", StringComparison.Ordinal)}.pdb",
                    StringComparison.Ordinal
                )
        );
        var hasAddress = await HasKnownHostAsync();
        foreach (var file in files)
        {
            using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(symbols.Read(file)));
            var reader = provider.GetMetadataReader();
            var elsewhere = reader
                .Documents.Select(document => reader.GetString(reader.GetDocument(document).Name))
                .Where(name => Path.IsPathRooted(name) && !name.StartsWith("/_/", StringComparison.Ordinal));
            Assert.Empty(elsewhere);

            // A clone of a directory, say, has no address where others could get the sources, and so there is none in the symbols.
            Assert.Equal(
                hasAddress,
                reader.CustomDebugInformation.Any(handle =>
                    reader.GetGuid(reader.GetCustomDebugInformation(handle).Kind) == SourceLink
                )
            );
        }
    }

    public static bool NamesThisMachine(byte[] content) =>
        new[] { Repository.Root, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + "/" }.Any(path =>
            content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(path)) >= 0
            || content.AsSpan().IndexOf(Encoding.Unicode.GetBytes(path)) >= 0
        );

    private static bool IsOurs(string id) => id == "Larder" || id.StartsWith("Larder.", StringComparison.Ordinal);

    // Those whose addresses of files .NET can make from the address of the repository.
    private static async Task<bool> HasKnownHostAsync()
    {
        var remote = await Tool.RunAsync(
            Repository.Root,
            "git",
            "config",
            "--default",
            "",
            "--get",
            "remote.origin.url"
        );
        string[] hosts = ["github.com", "gitlab.com", "bitbucket.org", "dev.azure.com", "visualstudio.com"];
        return hosts.Any(host => remote.Contains(host, StringComparison.Ordinal));
    }

    private static Task<string> ReadAsync(string path) =>
        File.ReadAllTextAsync(Path.Combine(Repository.Root, path), TestContext.Current.CancellationToken);
}
