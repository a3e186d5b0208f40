using Larder.TestKit;

namespace Larder.Recordings.AI.Tests;

/// <summary><c>docs/recordings.md</c>.</summary>
public sealed class RecordingsPageTests
{
    private static string Page => File.ReadAllText(Path.Combine(Repository.Root, "docs", "recordings.md"));

    [Fact]
    public void Snippets_OfThePage_AreThoseThatAreCompiled()
    {
        var compiled = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "test", "Larder.Recordings.AI.Tests", "Page"), "*.cs")
            .Select(file => Plain(File.ReadAllText(file)))
            .ToArray();
        var snippets = Blocks("csharp").ToArray();

        Assert.NotEmpty(snippets);
        Assert.All(
            snippets,
            snippet => Assert.Contains(compiled, file => file.Contains(Plain(snippet), StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Recording_OnThePage_IsOneOfTheSample()
    {
        var recording = Blocks("json").Single();

        Assert.Contains(
            Directory
                .EnumerateFiles(
                    Path.Combine(Repository.Root, "samples", "recordings", "Reviews.Tests", "recordings"),
                    "*.json",
                    SearchOption.AllDirectories
                )
                .Select(File.ReadAllText),
            text => text == recording
        );
    }

    // Blocks of one language.
    private static IEnumerable<string> Blocks(string language) =>
        Page.Split("\n```")
            .Where(part => part.StartsWith($"{language}\n", StringComparison.Ordinal))
            .Select(part => part[(language.Length + 1)..] + "\n");

    // A snippet stands further left than the code.
    private static string Plain(string code) => string.Join('\n', code.Split('\n').Select(line => line.TrimStart(' ')));
}
