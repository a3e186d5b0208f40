using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Larder.Workers.Protocol;

/// <summary>The lines that workers are sent.</summary>
internal static class RequestLine
{
    /// <summary><c>{"id":1,"inputs":{…}}</c> with the end of its line. The inputs are copied as they are.</summary>
    /// <exception cref="InvalidWorkerInputsException">The line would be too long, or no UTF-8.</exception>
    public static ReadOnlyMemory<byte> Predict(long id, JsonElement inputs)
    {
        var raw = JsonMarshal.GetRawUtf8Value(inputs);
        if (raw.Length > WireLimits.MaxLineBytes - 64)
            throw new InvalidWorkerInputsException([
                new WorkerInputFault(
                    "inputs",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"They have {raw.Length} bytes; a worker takes {WireLimits.MaxLineBytes - 64} at most. Send them in several requests."
                    )
                ),
            ]);
        // A reader of lines at the other end may not outlive bytes that are no text, and the next request would pay for this one.
        if (!Utf8.IsValid(raw))
            throw new InvalidWorkerInputsException([
                new WorkerInputFault("inputs", "They have bytes that are no UTF-8, the only encoding of JSON."),
            ]);
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{id},\"inputs\":"));
        var line = new byte[head.Length + raw.Length + 2];
        head.CopyTo(line, 0);
        var body = line.AsSpan(head.Length, raw.Length);
        raw.CopyTo(body);
        // Ends of lines stand between the parts of a document only: within a text there are none.
        body.ReplaceAny(LineEnds, (byte)' ');
        "}\n"u8.CopyTo(line.AsSpan(line.Length - 2));
        return line;
    }

    /// <summary><c>{"id":1,"ping":true}</c></summary>
    public static ReadOnlyMemory<byte> Ping(long id) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{id},\"ping\":true}}\n"));

    private static readonly System.Buffers.SearchValues<byte> LineEnds = System.Buffers.SearchValues.Create("\n\r"u8);
}
