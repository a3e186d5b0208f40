using Larder.TestKit;

namespace Larder.Cli.Tests.Documents;

/// <summary>All pages of the repository, and the code on them.</summary>
internal static class Pages
{
    private static readonly string[] NotOurs = ["artifacts", "bin", "obj", "node_modules", ".git"];

    /// <summary>The paths of all pages, relative to the repository.</summary>
    public static IReadOnlyList<string> All { get; } =
    [.. Files("*.md").Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<CodeBlock> Blocks { get; } = [.. All.SelectMany(BlocksOf)];

    public static string Read(string page) => File.ReadAllText(Path.Combine(Repository.Root, page));

    /// <summary>Files of the repository, without what builds have written.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        Directory
            .EnumerateFiles(Repository.Root, pattern, SearchOption.AllDirectories)
            .Where(path =>
                !Path.GetRelativePath(Repository.Root, path)
                    .Split(Path.DirectorySeparatorChar)
                    .Any(part => NotOurs.Contains(part, StringComparer.Ordinal))
            );

    private static IEnumerable<CodeBlock> BlocksOf(string page)
    {
        var lines = Read(page).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var fence = lines[i].TrimStart();
            if (!fence.StartsWith("```", StringComparison.Ordinal))
                continue;
            var start = ++i;
            while (i < lines.Length && lines[i].Trim() != "```")
                i++;
            yield return new CodeBlock(page, start + 1, fence[3..].Trim(), lines[start..Math.Min(i, lines.Length)]);
        }
    }
}
