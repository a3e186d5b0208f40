using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Larder.Server.Access;

/// <summary>One line of the audit log.</summary>
/// <param name="Time">When it was answered.</param>
/// <param name="What">What was asked for: method and pattern of the route, or what happened.</param>
/// <param name="Outcome"><c>done</c>, <c>refused</c>, <c>failed</c>, or <c>unanswered</c> where the caller left first.</param>
/// <param name="Status">The HTTP status of the answer; 0 where there was none.</param>
internal sealed record AuditEntry(DateTimeOffset Time, string What, string Outcome, int Status)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Default };

    /// <summary>The name of the token; null where nobody is known.</summary>
    public string? Who { get; init; }

    /// <summary>How the caller is known.</summary>
    public string? Kind { get; init; }

    /// <summary>Where the request came from.</summary>
    public string? Address { get; init; }

    /// <summary>To what it was done, such as the id of a model; null for all there is.</summary>
    public string? Target { get; init; }

    /// <summary>How many like this one were left out since the one before.</summary>
    public int LeftOut { get; init; }

    /// <summary>The line, with its end.</summary>
    public ReadOnlyMemory<byte> ToLine()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", Time);
            json.WriteString("who", Who);
            json.WriteString("by", Kind);
            json.WriteString("address", Address);
            json.WriteString("what", What);
            json.WriteString("target", Target);
            json.WriteString("outcome", Outcome);
            json.WriteNumber("status", Status);
            if (LeftOut > 0)
                json.WriteNumber("left_out", LeftOut);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }
}
