using System.Net;

namespace Larder.Origins.Http;

/// <summary>What is wanted of a page: its title and where its links lead.</summary>
/// <param name="Title">The text of its title, decoded; empty without one.</param>
/// <param name="Links">The targets of its <c>&lt;a href&gt;</c> as they are written, decoded, in their order.</param>
/// <param name="IsWhole">Whether it goes on to its <c>&lt;/html&gt;</c>.</param>
internal sealed record HtmlPage(string Title, IReadOnlyList<string> Links, bool IsWhole)
{
    // What stands in these is text whatever it looks like.
    private static readonly string[] RawElements = ["script", "style", "textarea", "xmp", "iframe", "noframes"];

    /// <summary>Reads tags, quotes, comments and raw text as the HTML standard does; builds no tree.</summary>
    public static HtmlPage Read(string html)
    {
        var title = "";
        var links = new List<string>();
        var isWhole = false;
        var at = 0;
        while ((at = html.IndexOf('<', at)) >= 0)
        {
            if (html.AsSpan(at).StartsWith("<!--"))
            {
                at = After(html, "-->", at + "<!--".Length);
                continue;
            }
            var isEnd = at + 1 < html.Length && html[at + 1] == '/';
            var name = HtmlTag.NameAt(html, at + (isEnd ? 2 : 1));
            if (name.Length == 0)
            {
                // A '<' in the text, or a declaration.
                at = at + 1 < html.Length && html[at + 1] is '!' or '?' or '/' ? After(html, ">", at) : at + 1;
                continue;
            }
            var tag = HtmlTag.Read(html, at + (isEnd ? 2 : 1) + name.Length);
            at = tag.End;
            isWhole |= isEnd && name == "html";
            if (isEnd)
                continue;
            if (name == "a" && tag.Href is { } href)
                links.Add(href);
            else if (name == "title")
                title = WebUtility.HtmlDecode(RawText(html, name, ref at)).Trim();
            else if (Array.IndexOf(RawElements, name) >= 0)
                RawText(html, name, ref at);
        }
        return new HtmlPage(title, links, isWhole);
    }

    private static string RawText(string html, string name, ref int at)
    {
        var start = at;
        var end = html.IndexOf($"</{name}", start, StringComparison.OrdinalIgnoreCase);
        at = end < 0 ? html.Length : end;
        return html[start..at];
    }

    private static int After(string html, string mark, int start)
    {
        var found = start < html.Length ? html.IndexOf(mark, start, StringComparison.Ordinal) : -1;
        return found < 0 ? html.Length : found + mark.Length;
    }
}
