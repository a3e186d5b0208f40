using System.Globalization;
using System.Text;

namespace Larder.Server.Tests.Fuzzing;

/// <summary>A request as its bytes go over the wire; texts are Latin-1, so that any byte can be in them.</summary>
internal sealed record FuzzRequest(string Method, string Target, IReadOnlyList<string> Headers, byte[] Body)
{
    private const int ChunkSize = 4096;
    private const int MostShown = 3000;

    /// <summary>The route that it is made for.</summary>
    public string Route { get; init; } = "";

    /// <summary>Where the body ends.</summary>
    public Framing Framing { get; init; }

    /// <summary>Whether the listener has to hand it to the server; else it may refuse it by itself, or be left by the caller.</summary>
    public bool IsWellFormed { get; init; } = true;

    /// <summary>The bytes.</summary>
    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        Write($"{Method} {Target} HTTP/1.1\r\n");
        foreach (var header in Headers)
            Write($"{header}\r\n");
        switch (Framing)
        {
            case Framing.None:
                Write("\r\n");
                break;
            case Framing.Length:
                Write(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}\r\n\r\n"));
                bytes.Write(Body);
                break;
            case Framing.CutOff:
                Write(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length + 100}\r\n\r\n"));
                bytes.Write(Body);
                break;
            default:
                Write("Transfer-Encoding: chunked\r\n\r\n");
                foreach (var chunk in Body.Chunk(ChunkSize))
                {
                    var size = Framing is Framing.Chunks ? $"{chunk.Length:x}" : $"-{chunk.Length:x}z";
                    Write($"{size}\r\n");
                    bytes.Write(chunk);
                    Write("\r\n");
                }
                Write("0\r\n\r\n");
                break;
        }
        return bytes.ToArray();

        void Write(string text) => bytes.Write(Encoding.Latin1.GetBytes(text));
    }

    /// <summary>Its beginning, with what cannot be printed written out.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var letter in Encoding.Latin1.GetString(ToBytes()).Take(MostShown))
            text.Append(letter is '\n' or (>= ' ' and < '\u007f') ? $"{letter}" : $"\\x{(int)letter:x2}");
        return text.ToString();
    }
}
