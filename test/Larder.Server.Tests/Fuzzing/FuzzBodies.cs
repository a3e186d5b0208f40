using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Larder.Server.Tests.Fuzzing;

/// <summary>Bodies: valid ones, mutations of them, and some that are far too much.</summary>
[SuppressMessage("Security", "CA5394", Justification = "A seed is to give the same requests again.")]
internal sealed class FuzzBodies(Random random)
{
    private const int Deepest = 20_000;
    private const int MostKeys = 2000;
    private const int LongestText = 200_000;
    private const string Multipart = "--x\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nabc\r\n--x--\r\n";

    /// <summary>A body made from a valid one.</summary>
    public byte[] From(byte[] valid) =>
        random.Next(20) switch
        {
            < 5 => valid,
            < 13 => Tokens(valid),
            < 16 => Bytes(valid),
            16 => valid[..random.Next(valid.Length + 1)],
            _ => Outsized(),
        };

    /// <summary>A form: fields of ours and others, some of them broken.</summary>
    public byte[] Form(params (string Name, string Value)[] fields)
    {
        var form = new StringBuilder();
        foreach (var (name, value) in fields)
        {
            if (random.Next(12) == 0)
                continue;
            var said = random.Next(8) == 0 ? Pick(Evil.Segments) : Uri.EscapeDataString(value);
            form.Append(CultureInfo.InvariantCulture, $"{name}={said}&");
        }
        switch (random.Next(24))
        {
            case 0:
                for (var i = 0; i < MostKeys; i++)
                    form.Append(CultureInfo.InvariantCulture, $"k{i}=1&");
                break;
            case 1:
                form.Append(new string('k', 3000)).Append("=1");
                break;
            case 2:
                return Encoding.Latin1.GetBytes(Multipart[random.Next(Multipart.Length)..]);
            case 3:
                return Encoding.Latin1.GetBytes(Multipart[..random.Next(Multipart.Length)]);
            case 4:
                form.Append("%&=%zz&%ff=\u00ff&\0&==&&");
                break;
        }
        return Bytes(Encoding.Latin1.GetBytes(form.ToString()), mostFlips: random.Next(10) == 0 ? 3 : 0);
    }

    private byte[] Outsized() =>
        random.Next(7) switch
        {
            0 => Ascii(new string('[', random.Next(Deepest)) + new string(']', random.Next(Deepest))),
            1 => Ascii(Repeat("{\"inputs\":", random.Next(200)) + "1" + new string('}', random.Next(200))),
            2 => Ascii($"{{\"inputs\": {{{Keys(random.Next(MostKeys))}}}}}"),
            3 => Ascii($"{{\"inputs\": {{\"text\": \"{new string('a', random.Next(LongestText))}\"}}}}"),
            4 => Ascii($"{{\"inputs\": {{\"area_m2\": [{Repeat("1,", random.Next(5000))}1]}}}}"),
            5 => Ascii($"{{\"instances\": [{Repeat("{},", random.Next(2000))}{{}}]}}"),
            _ => Noise(random.Next(2000)),
        };

    // Replaces, removes or doubles what a reader of JSON sees as one thing.
    private byte[] Tokens(byte[] valid)
    {
        var tokens = TokensOf(valid);
        if (tokens.Count == 0)
            return Bytes(valid);
        var result = new List<byte>(valid);
        for (var i = random.Next(3); i >= 0; i--)
        {
            var (start, length, isName) = tokens[random.Next(tokens.Count)];
            // What was replaced before may have moved it: then it hits something else, which is as good.
            start = Math.Min(start, result.Count);
            length = Math.Min(length, result.Count - start);
            var piece = Encoding.UTF8.GetBytes(Pick(isName ? Evil.Names : Evil.Json));
            switch (random.Next(6))
            {
                case 0:
                    result.RemoveRange(start, length);
                    break;
                case 1:
                    result.InsertRange(start, result.GetRange(start, length));
                    break;
                case 2 when isName:
                    result.InsertRange(start, [.. piece, .. ": 1, "u8]);
                    break;
                default:
                    result.RemoveRange(start, length);
                    result.InsertRange(start, piece);
                    break;
            }
        }
        return [.. result];
    }

    private static List<(int Start, int Length, bool IsName)> TokensOf(byte[] json)
    {
        var tokens = new List<(int, int, bool)>();
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                var start = (int)reader.TokenStartIndex;
                var isName = reader.TokenType is JsonTokenType.PropertyName;
                // The index behind a name is behind its colon too.
                var length = isName ? reader.ValueSpan.Length + 2 : (int)reader.BytesConsumed - start;
                tokens.Add((start, length, isName));
            }
        }
        catch (JsonException)
        {
            // Behind the document stand the bytes of tensors.
        }
        return tokens;
    }

    private byte[] Bytes(byte[] valid, int mostFlips = 8)
    {
        var bytes = valid.ToArray();
        for (var i = random.Next(mostFlips + 1); i > 0 && bytes.Length > 0; i--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private byte[] Noise(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private string Pick(string[] from) => from[random.Next(from.Length)];

    private static string Keys(int count) =>
        string.Join(
            ',',
            Enumerable.Range(0, count).Select(key => string.Create(CultureInfo.InvariantCulture, $"\"k{key}\":1"))
        );

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
