using System.Globalization;

namespace Larder.Origins;

/// <summary>Knows URIs that <see cref="Uri"/> would give back letter for letter.</summary>
/// <remarks>
/// Most references are such, and a hit needs no more than the text: its parser need not be started for one. What is not clearly
/// plain is left to it.
/// </remarks>
internal static class PlainUri
{
    /// <summary>How a URI of a file on this machine begins.</summary>
    public const string FileRoot = "file:///";

    private const int MostHostLetters = 63;

    /// <summary>Schemes with a host, and the port that is left out of a URI of each; none where there may be no port.</summary>
    private static readonly (string Start, string? DefaultPort)[] Schemes =
    [
        ("https://", "443"),
        ("http://", "80"),
        ("s3://", null),
        ("az://", null),
    ];

    /// <summary>Whether a text is one, without query, fragment and user information.</summary>
    public static bool Is(string text)
    {
        if (text.StartsWith(FileRoot, StringComparison.Ordinal))
            return text.Length > FileRoot.Length && IsPath(text.AsSpan(FileRoot.Length - 1));
        foreach (var (start, defaultPort) in Schemes)
        {
            if (!text.StartsWith(start, StringComparison.Ordinal))
                continue;
            var rest = text.AsSpan(start.Length);
            var slash = rest.IndexOf('/');
            return slash > 0 && IsServer(rest[..slash], defaultPort) && IsPath(rest[slash..]);
        }
        return false;
    }

    private static bool IsServer(ReadOnlySpan<char> server, string? defaultPort)
    {
        var colon = server.IndexOf(':');
        if (colon < 0)
            return IsHost(server);
        var port = server[(colon + 1)..];
        return defaultPort is not null
            && port.Length is > 0 and <= 5
            && port[0] != '0'
            && !port.ContainsAnyExceptInRange('0', '9')
            && int.Parse(port, CultureInfo.InvariantCulture) <= ushort.MaxValue
            && !port.SequenceEqual(defaultPort)
            && IsHost(server[..colon]);
    }

    private static bool IsHost(ReadOnlySpan<char> host)
    {
        if (host.Length > MostHostLetters)
            return false;
        var previous = '.';
        var label = 0;
        for (var i = 0; i < host.Length; i++)
        {
            var letter = host[i];
            if (!char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter) && letter is not ('-' or '.'))
                return false;
            // No label is empty, begins or ends with a hyphen, or is an encoded name of other letters.
            if (previous is '.' or '-' && letter is '.' or '-')
                return false;
            if (previous == '.')
                label = i;
            previous = letter;
        }
        // A last label that begins with a digit may be part of an address, of which there are many ways to write one.
        return previous is not ('.' or '-') && (char.IsAsciiLetterLower(host[label]) || IsAddress(host));
    }

    // Four numbers below 256 without leading zeros: the one way that stays as it is.
    private static bool IsAddress(ReadOnlySpan<char> host)
    {
        var numbers = 0;
        foreach (var part in host.Split('.'))
        {
            var number = host[part];
            if (
                number.Length > 3
                || number.ContainsAnyExceptInRange('0', '9')
                || (number.Length > 1 && number[0] == '0')
                || int.Parse(number, CultureInfo.InvariantCulture) > 255
            )
                return false;
            numbers++;
        }
        return numbers == 4;
    }

    // Of "//", "/./" and "/../" a Uri has its own view; that "/.name" goes its way too costs only time.
    private static bool IsPath(ReadOnlySpan<char> path)
    {
        var previous = '\0';
        foreach (var letter in path)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('/' or '.' or '-' or '_' or '~'))
                return false;
            if (previous == '/' && letter is '/' or '.')
                return false;
            previous = letter;
        }
        return true;
    }
}
