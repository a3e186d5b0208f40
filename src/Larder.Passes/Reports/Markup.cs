using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace Larder.Passes.Reports;

/// <summary>Makes the elements of a report: whatever a text holds, it stays a text.</summary>
internal static class Markup
{
    public static readonly XNamespace HtmlNamespace = "http://www.w3.org/1999/xhtml";
    public static readonly XNamespace SvgNamespace = "http://www.w3.org/2000/svg";

    /// <summary>An element of HTML.</summary>
    /// <param name="name">Its name, of those that may have content.</param>
    /// <param name="content">Attributes, elements and texts; null and nothing are left out.</param>
    public static XElement Html(string name, params IEnumerable<object?> content)
    {
        var element = new XElement(HtmlNamespace + name, content.Select(Cleaned));
        // Without content it would be written as <td/>, which a reader of HTML takes for the beginning of one.
        if (element.IsEmpty)
            element.Add("");
        return element;
    }

    /// <summary>An element of HTML that can have no content.</summary>
    public static XElement Void(string name, params IEnumerable<XAttribute> attributes) =>
        new(HtmlNamespace + name, attributes);

    /// <summary>An element of SVG.</summary>
    public static XElement Svg(string name, params IEnumerable<object?> content) =>
        new(SvgNamespace + name, content.Select(Cleaned));

    public static XAttribute Class(string names) => new("class", names);

    public static XAttribute Is(string name, string value) => new(name, Clean(value));

    public static XAttribute Is(string name, double value) =>
        new(name, Math.Round(value, 1).ToString(CultureInfo.InvariantCulture));

    /// <summary>
    /// A text without characters that cannot stand in a document or that would change what is read around them, such as those
    /// that turn the direction of writing.
    /// </summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        // Halves of pairs come as the replacement character here.
        foreach (var rune in text.EnumerateRunes())
        {
            var isPlain =
                Rune.GetUnicodeCategory(rune)
                is not (
                    UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.OtherNotAssigned
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
                );
            clean.Append(isPlain || rune.Value == '\n' ? rune.ToString() : "\uFFFD");
        }
        return clean.ToString();
    }

    private static object? Cleaned(object? content) =>
        content switch
        {
            string text => Clean(text),
            IEnumerable<object?> many => many.Select(Cleaned).ToList(),
            _ => content,
        };
}
