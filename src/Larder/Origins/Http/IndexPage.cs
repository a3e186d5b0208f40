using System.Text;
using System.Text.Json;
using Larder.Content;

namespace Larder.Origins.Http;

/// <summary>Reads the index pages that nginx and Apache make of a directory.</summary>
/// <remarks>
/// A page that is anything else, or not whole, is refused: half a listing would look like a model that lost its files.
/// </remarks>
internal static class IndexPage
{
    /// <summary>How the titles of both servers begin.</summary>
    private const string Title = "Index of /";

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads a page.</summary>
    /// <param name="directory">What is listed, for messages.</param>
    /// <param name="page">Where the page came from: its links start there.</param>
    /// <param name="mediaType">Its kind, as the server says it.</param>
    /// <param name="body">The page.</param>
    /// <exception cref="OriginException">It is no index page.</exception>
    public static IReadOnlyList<IndexEntry> Read(
        ModelReference directory,
        Uri page,
        string? mediaType,
        ReadOnlyMemory<byte> body
    ) =>
        mediaType?.ToLowerInvariant() switch
        {
            "text/html" or "application/xhtml+xml" => ReadHtml(directory, page, Encoding.UTF8.GetString(body.Span)),
            "application/json" => ReadJson(directory, body),
            _ => throw NoIndex(directory, $"its kind is '{mediaType}'"),
        };

    private static List<IndexEntry> ReadHtml(ModelReference directory, Uri page, string html)
    {
        var read = HtmlPage.Read(html);
        if (!read.Title.StartsWith(Title, StringComparison.Ordinal))
            throw NoIndex(directory, $"its title is {Printable.Quote(read.Title)}");
        if (!read.IsWhole)
            throw HttpFailures.Broken(directory, "its index page ends before </html>. Try again");
        // Icons may be links as well, so that a name comes twice.
        return [.. read.Links.Select(link => EntryOf(directory, page, link)).OfType<IndexEntry>().Distinct()];
    }

    // Links to anywhere else are the server's own: the parent, orders of sorting, what a header or footer says.
    private static IndexEntry? EntryOf(ModelReference directory, Uri page, string link)
    {
        if (
            !Uri.TryCreate(page, link, out var target)
            || !HttpTransport.IsSameHost(target, page)
            || link.AsSpan().ContainsAny('?', '#')
            || !target.AbsolutePath.StartsWith(page.AbsolutePath, StringComparison.Ordinal)
        )
            return null;
        var rest = target.AbsolutePath[page.AbsolutePath.Length..];
        var isDirectory = rest.EndsWith('/');
        var segment = isDirectory ? rest[..^1] : rest;
        return segment.Length == 0 || segment.Contains('/', StringComparison.Ordinal)
            ? null
            : new IndexEntry(Checked(directory, Decode(directory, segment)), isDirectory);
    }

    private static List<IndexEntry> ReadJson(ModelReference directory, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return [.. json.RootElement.EnumerateArray().Select(entry => EntryOf(directory, entry))];
        }
        catch (Exception unreadable)
            when (unreadable is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw NoIndex(directory, "it is another JSON document", unreadable);
        }
    }

    private static IndexEntry EntryOf(ModelReference directory, JsonElement entry)
    {
        var name = Checked(directory, entry.GetProperty("name").GetString() ?? "");
        return entry.GetProperty("type").GetString() switch
        {
            "file" => new IndexEntry(name, IsDirectory: false),
            "directory" => new IndexEntry(name, IsDirectory: true),
            var other => throw HttpFailures.Broken(
                directory,
                $"{Printable.Quote(name)} is neither a file nor a directory but '{other}', as a link to nothing is. Remove it there"
            ),
        };
    }

    /// <summary>Decodes once: what looks encoded after that is the name itself.</summary>
    private static string Decode(ModelReference directory, string segment)
    {
        var bytes = new List<byte>(segment.Length);
        for (var i = 0; i < segment.Length; i++)
        {
            if (segment[i] == '%' && IsHex(segment, i + 1) && IsHex(segment, i + 2))
            {
                bytes.Add(Convert.FromHexString(segment.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
            else
                bytes.AddRange(Encoding.UTF8.GetBytes(segment[i].ToString()));
        }
        try
        {
            return StrictUtf8.GetString([.. bytes]);
        }
        catch (DecoderFallbackException unreadable)
        {
            throw HttpFailures.Broken(directory, $"the name '{segment}' is not UTF-8. Rename it there", unreadable);
        }
    }

    private static bool IsHex(string text, int index) => index < text.Length && char.IsAsciiHexDigit(text[index]);

    private static string Checked(ModelReference directory, string name) =>
        name is "" or "." or ".." || name.Contains('/', StringComparison.Ordinal)
            ? throw HttpFailures.Broken(directory, $"it lists {Printable.Quote(name)}, which is no name of a file")
            : name;

    private static OriginException NoIndex(ModelReference directory, string what, Exception? inner = null) =>
        HttpFailures.Broken(
            directory,
            $"the server answered with a page that is no index of a directory as nginx and Apache make it ({what}). Name a single file, or switch the index on at the server: 'autoindex on' in nginx, 'Options +Indexes' in Apache",
            inner
        );
}
