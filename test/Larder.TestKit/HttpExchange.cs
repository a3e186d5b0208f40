using System.Globalization;
using System.Text;

namespace Larder.TestKit;

/// <summary>One request to a <see cref="ScriptedHttpServer"/> and the connection to answer it on, byte by byte if need be.</summary>
public sealed class HttpExchange
{
    private readonly Stream _connection;
    private readonly Action<long> _countBody;

    internal HttpExchange(string head, Stream connection, Action<long> countBody, CancellationToken stopping)
    {
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var request = lines[0].Split(' ');
        (Method, Target) = (request[0], request[1]);
        Headers = lines
            .Skip(1)
            .Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        _connection = connection;
        _countBody = countBody;
        Stopping = stopping;
    }

    public string Method { get; }

    /// <summary>Path and query, as they were sent.</summary>
    public string Target { get; }

    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>What was sent with the request.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    public bool IsHead => Method == "HEAD";

    /// <summary>Cancelled when the server stops.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Reads the rest of a body that has begun.</summary>
    internal async Task ReadBodyAsync(byte[] begun)
    {
        var body = new byte[Headers.TryGetValue("Content-Length", out var length) ? Number(length) : 0];
        begun.AsSpan(0, Math.Min(begun.Length, body.Length)).CopyTo(body);
        if (begun.Length < body.Length)
            await _connection.ReadExactlyAsync(body.AsMemory(begun.Length), Stopping);
        Body = body;
    }

    /// <summary>Writes what the test says, whether it is HTTP or not.</summary>
    public async Task SendAsync(string text) => await _connection.WriteAsync(Encoding.Latin1.GetBytes(text), Stopping);

    /// <summary>Writes bytes of a body and counts them.</summary>
    public async Task SendBodyAsync(ReadOnlyMemory<byte> bytes)
    {
        await _connection.WriteAsync(bytes, Stopping);
        _countBody(bytes.Length);
    }

    /// <summary>Writes a whole answer; to HEAD without its body.</summary>
    public async Task AnswerAsync(int status, ReadOnlyMemory<byte> body, params string[] headers)
    {
        await SendHeadAsync(status, body.Length, headers);
        if (!IsHead)
            await SendBodyAsync(body);
    }

    /// <summary>The part that is asked for, as first and last byte; null where all is.</summary>
    public (int First, int Last)? Range =>
        Headers.TryGetValue("Range", out var range)
            ? (Number(range["bytes=".Length..].Split('-')[0]), Number(range.Split('-')[1]))
            : null;

    /// <summary>Writes the part of a body that is asked for, or all of it.</summary>
    public Task AnswerPartAsync(ReadOnlyMemory<byte> body, params string[] headers) =>
        Range is var (first, last)
            ? AnswerAsync(
                206,
                body[first..(last + 1)],
                [
                    .. headers,
                    string.Create(CultureInfo.InvariantCulture, $"Content-Range: bytes {first}-{last}/{body.Length}"),
                ]
            )
            : AnswerAsync(200, body, headers);

    /// <summary>Writes an answer without a body.</summary>
    public Task AnswerAsync(int status, params string[] headers) => AnswerAsync(status, default, headers);

    /// <summary>Writes the head of an answer; no length where it is null.</summary>
    public Task SendHeadAsync(int status, long? length, params string[] headers)
    {
        string[] lines =
        [
            string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Scripted"),
            .. length is { } bytes
                ? [string.Create(CultureInfo.InvariantCulture, $"Content-Length: {bytes}")]
                : (string[])[],
            "Connection: close",
            .. headers,
        ];
        return SendAsync(string.Join("\r\n", lines) + "\r\n\r\n");
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
