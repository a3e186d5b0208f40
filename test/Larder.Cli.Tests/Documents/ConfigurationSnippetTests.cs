using System.Text.Json;
using Larder.Server.Configuration;
using Larder.TestKit;

namespace Larder.Cli.Tests.Documents;

/// <summary>Every piece of a configuration on a page is one that is read.</summary>
public sealed class ConfigurationSnippetTests
{
    private static readonly string[] Sections =
    [
        "store",
        "transfer",
        "archives",
        "origins",
        "shared",
        "graphs",
        "models",
        "server",
    ];

    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    public static TheoryData<CodeBlock> Snippets => [.. Pages.Blocks.Where(block => block.Language is "json")];

    [Theory]
    [MemberData(nameof(Snippets), DisableDiscoveryEnumeration = true)]
    public void Snippet_IsJson_AndReadWhereItIsAConfiguration(CodeBlock snippet)
    {
        var text = string.Join('\n', snippet.Lines);
        // A member of a document without its braces.
        if (text.StartsWith('"'))
            text = $"{{{text}}}";
        using var document = JsonDocument.Parse(text, Lenient);
        if (
            document.RootElement.ValueKind != JsonValueKind.Object
            || !document
                .RootElement.EnumerateObject()
                .All(member => Sections.Contains(member.Name, StringComparer.Ordinal))
        )
            return;

        using var directory = new TempDirectory();
        var path = directory["larder.json"];
        File.WriteAllText(path, text);

        var configuration = ConfigurationLoader.Load(path);

        Assert.Empty(configuration.Warnings);
    }
}
