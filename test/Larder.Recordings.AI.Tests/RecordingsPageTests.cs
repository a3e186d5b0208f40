using System.Text.RegularExpressions;
using Larder.TestKit;

namespace Larder.Recordings.AI.Tests;

/// <summary><c>docs/recordings.md</c>.</summary>
public sealed partial class RecordingsPageTests
{
    private static string Page => File.ReadAllText(Path.Combine(Repository.Root, "docs", "recordings.md"));

    [Fact]
    public void Snippets_OfThePage_AreThoseThatAreCompiled()
    {
        var compiled = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "test", "Larder.Recordings.AI.Tests", "Page"), "*.cs")
            .Select(file => Plain(File.ReadAllText(file)))
            .ToArray();
        var snippets = Block("csharp").Matches(Page).Select(match => match.Groups["code"].Value).ToArray();

        Assert.NotEmpty(snippets);
        Assert.All(
            snippets,
            snippet => Assert.Contains(compiled, file => file.Contains(Plain(snippet), StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Recording_OnThePage_IsOneOfTheSample()
    {
        var recording = Block("json").Match(Page).Groups["code"].Value;

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

    private static Regex Block(string language) =>
        new($"^```{language}\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline);

    // A snippet stands further left than the code.
    private static string Plain(string code) => Indentation().Replace(code, "");

    [GeneratedRegex("^ +", RegexOptions.Multiline)]
    private static partial Regex Indentation();
}
