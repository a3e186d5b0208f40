using System.Net;

namespace Larder.Origins.Http;

/// <summary>One tag of a page, behind its name.</summary>
/// <param name="Href">Where it leads, decoded; null where it leads nowhere.</param>
/// <param name="End">The place behind it.</param>
internal readonly record struct HtmlTag(string? Href, int End)
{
    private const string Spaces = " \t\r\n\f";

    /// <summary>The name of a tag in lower case; empty where none begins.</summary>
    public static string NameAt(string html, int at)
    {
        if (at >= html.Length || !char.IsAsciiLetter(html[at]))
            return "";
        var end = at;
        while (
            end < html.Length && !Spaces.Contains(html[end], StringComparison.Ordinal) && html[end] is not ('/' or '>')
        )
            end++;
        return html[at..end].ToLowerInvariant();
    }

    /// <summary>Reads the attributes up to the end of the tag; a tag that does not end has none.</summary>
    public static HtmlTag Read(string html, int at)
    {
        string? href = null;
        while (true)
        {
            at = Skip(html, at, letter => letter == '/' || IsSpace(letter));
            if (at >= html.Length)
                return new HtmlTag(null, html.Length);
            if (html[at] == '>')
                return new HtmlTag(href, at + 1);
            // A '=' at the start belongs to the name.
            var nameEnd = Skip(html, at + 1, letter => !IsSpace(letter) && letter is not ('/' or '>' or '='));
            var name = html[at..nameEnd];
            at = Skip(html, nameEnd, IsSpace);
            if (at >= html.Length || html[at] != '=')
                continue;
            var value = Value(html, ref at);
            // Of two that are written the first counts.
            if (href is null && name.Equals("href", StringComparison.OrdinalIgnoreCase))
                href = WebUtility.HtmlDecode(value).Trim(' ', '\t', '\r', '\n', '\f');
        }
    }

    private static string Value(string html, ref int at)
    {
        var start = Skip(html, at + 1, IsSpace);
        if (start >= html.Length)
        {
            at = html.Length;
            return "";
        }
        if (html[start] is '"' or '\'')
        {
            var end = html.IndexOf(html[start], start + 1);
            at = end < 0 ? html.Length : end + 1;
            return end < 0 ? "" : html[(start + 1)..end];
        }
        at = Skip(html, start, letter => !IsSpace(letter) && letter != '>');
        return html[start..at];
    }

    private static int Skip(string html, int at, Predicate<char> isOver)
    {
        while (at < html.Length && isOver(html[at]))
            at++;
        return at;
    }

    private static bool IsSpace(char letter) => Spaces.Contains(letter, StringComparison.Ordinal);
}
