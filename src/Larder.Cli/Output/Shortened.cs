namespace Larder.Cli.Output;

/// <summary>Names that are longer than there is room.</summary>
internal static class Shortened
{
    /// <summary>The beginning and the end of a text: shards differ in the middle, versions at the end, both before the ending.</summary>
    public static string Of(string text, int width)
    {
        if (text.Length <= width)
            return text;
        var head = (width - 1) * 3 / 5;
        return text[..head] + "…" + text[^(width - 1 - head)..];
    }
}
