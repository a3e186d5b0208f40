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
    public void Snippet_IsCompiled(CodeBlock snippet)
    {
        // Above the code of a whole program stands what the file that has the code says at its own top.
        var usings = snippet.Lines.TakeWhile(IsUsingOrEmpty).Where(line => line.Length > 0).ToList();
        var code = Plain(snippet.Lines.SkipWhile(IsUsingOrEmpty));

        Assert.True(
            Compiled.Any(file =>
                file.Contains(code, StringComparison.Ordinal)
                && usings.TrueForAll(line => file.Contains(line, StringComparison.Ordinal))
            ),
            $"{snippet} is in no sample and in no file of a folder 'Page'."
        );
    }

    private static bool IsUsingOrEmpty(string line) =>
        line.Length == 0
        || (
            line.StartsWith("using ", StringComparison.Ordinal)
            && line.EndsWith(';')
            && !line.Contains('=', StringComparison.Ordinal)
        );

    // A snippet stands further left than the code.
    private static string Plain(IEnumerable<string> lines) => string.Join('\n', lines.Select(line => line.Trim()));
}
