using System.Buffers;
using System.Globalization;
using System.Text;

namespace Larder.Server.Tests.Fuzzing;

/// <summary>An answer as it came over the wire.</summary>
internal sealed record FuzzAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    private const int Continue = 100;

    /// <summary>Whether the connection can be used again.</summary>
    public bool KeepsConnection => !Has("Connection", "close");

    public string Text => Encoding.UTF8.GetString(Body);

    public bool Has(string header, string value) =>
        Headers.TryGetValue(header, out var found) && found.Contains(value, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads one; null where the connection ends before there is any.</summary>
    /// <exception cref="InvalidDataException">It is no HTTP, or ends in the middle.</exception>
    public static async Task<FuzzAnswer?> ReadAsync(WireReader wire, string method, CancellationToken cancellationToken)
    {
        while (await wire.LineAsync(cancellationToken) is { } first)
        {
            var parts = first.Split(' ', 3);
            if (!first.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) || !int.TryParse(parts[1], out var status))
                throw new InvalidDataException($"It answered '{first}', which is no status line.");
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            while (await wire.LineAsync(cancellationToken) is { Length: > 0 } line)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                headers[line[..colon]] = line[(colon + 1)..].Trim();
            }
            if (status == Continue)
                continue;
            var isEmpty = method == "HEAD" || status is 204 or 304;
            return new FuzzAnswer(status, headers, isEmpty ? [] : await BodyAsync(wire, headers, cancellationToken));
        }
        return null;
    }

    private static async Task<byte[]> BodyAsync(
        WireReader wire,
        Dictionary<string, string> headers,
        CancellationToken cancellationToken
    )
    {
        if (headers.TryGetValue("Content-Length", out var length))
            return await wire.BytesAsync(int.Parse(length, CultureInfo.InvariantCulture), cancellationToken);
        if (!headers.ContainsKey("Transfer-Encoding"))
            return await wire.RestAsync(cancellationToken);
        var body = new ArrayBufferWriter<byte>();
        while (true)
        {
            var size = await wire.LineAsync(cancellationToken) ?? throw new InvalidDataException("A chunk is missing.");
            var count = int.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.Write(await wire.BytesAsync(count, cancellationToken));
            await wire.LineAsync(cancellationToken);
            if (count == 0)
                return body.WrittenSpan.ToArray();
        }
    }
}
