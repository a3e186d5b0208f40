using System.Text.RegularExpressions;
using Larder.TestKit;

namespace Larder.Cli.Tests.Documents;

/// <summary>Every link between pages leads somewhere.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> All => [.. Pages.All];

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public void Links_OfThePage_LeadSomewhere(string page)
    {
        var broken = Link()
            .Matches(Fences().Replace(Pages.Read(page), ""))
            .Select(match => match.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !IsThere(page, target))
            .ToList();

        Assert.True(broken.Count == 0, $"{page}: {string.Join(", ", broken)}");
    }

    private static bool IsThere(string page, string target)
    {
        var parts = target.Split('#', 2);
        var path = parts[0].Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, parts[0]);
        var full = Path.GetFullPath(Path.Combine(Repository.Root, path));
        if (!Path.Exists(full))
            return false;
        return parts.Length == 1 || !full.EndsWith(".md", StringComparison.Ordinal) || Anchors(full).Contains(parts[1]);
    }

    // As they are made of headings where pages are shown.
    private static HashSet<string> Anchors(string path) =>
        [
            .. File.ReadLines(path)
                .Where(line => line.StartsWith('#'))
                .Select(line =>
                    NoAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-')
                ),
        ];

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Fences();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex NoAnchor();
}
