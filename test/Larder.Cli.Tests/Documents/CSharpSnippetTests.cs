namespace Larder.Cli.Tests.Documents;

/// <summary>Every piece of C# on a page stands in a file that is compiled: a sample, or a file of a test's folder <c>Page</c>.</summary>
public sealed class CSharpSnippetTests
{
    private static readonly IReadOnlyList<string> Compiled =
    [
        .. Pages
            .Files("*.cs")
            .Where(path =>
                path.Contains("/samples/", StringComparison.Ordinal)
                || path.Contains("/Page/", StringComparison.Ordinal)
            )
            .Select(path => Plain(File.ReadAllLines(path))),
    ];

    public static TheoryData<CodeBlock> Snippets =>
        [.. Pages.Blocks.Where(block => block.Language is "csharp" or "cs" or "c#")];

    [Theory]
    [MemberData(nameof(Snippets), DisableDiscoveryEnumeration = true)]
    public void Snippet_IsCompiled(CodeBlock snippet) =>
        Assert.True(
            Compiled.Any(file => file.Contains(Plain(snippet.Lines), StringComparison.Ordinal)),
            $"{snippet} is in no sample and in no file of a folder 'Page'."
        );

    // A snippet stands further left than the code.
    private static string Plain(IEnumerable<string> lines) => string.Join('\n', lines.Select(line => line.Trim()));
}
