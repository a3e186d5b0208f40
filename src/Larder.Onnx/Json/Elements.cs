using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Larder.Onnx.Json;

/// <summary>Reads single elements. Each method returns what is wrong, or null when nothing is.</summary>
internal static class Elements
{
    public const string NaN = "NaN";
    public const string Infinity = "Infinity";
    public const string NegativeInfinity = "-Infinity";

    public static string? TryFloat<T>(JsonElement json, out T value)
        where T : IBinaryFloatingPointIeee754<T>, IUtf8SpanParsable<T>
    {
        value = T.Zero;
        if (json.ValueKind == JsonValueKind.String)
        {
            // As they are written: comparing texts would fail on one that holds half of a surrogate pair, which the parser lets pass.
            var written = JsonMarshal.GetRawUtf8Value(json)[1..^1];
            if (Ascii.Equals(written, NaN))
                value = T.NaN;
            else if (Ascii.Equals(written, Infinity))
                value = T.PositiveInfinity;
            else if (Ascii.Equals(written, NegativeInfinity))
                value = T.NegativeInfinity;
            else
                return Expected("a number", json);
            return null;
        }
        if (json.ValueKind != JsonValueKind.Number)
            return Expected("a number", json);
        // From its own digits: by way of a double, a float16 or float32 would be rounded twice.
        var digits = JsonMarshal.GetRawUtf8Value(json);
        return T.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out value!) && T.IsFinite(value)
            ? null
            : OutOfRange<T>(json);
    }

    public static string? TryInteger<T>(JsonElement json, out T value)
        where T : IBinaryInteger<T>
    {
        value = T.Zero;
        if (json.ValueKind != JsonValueKind.Number)
            return Expected("a whole number", json);
        if (json.TryGetInt64(out var whole))
        {
            value = T.CreateSaturating(whole);
            return Int128.CreateTruncating(value) == whole ? null : OutOfRange<T>(json);
        }
        // 3.0 and 3e2 are whole numbers too, in the way that many languages write them. The double sees the fraction of
        // numbers too small for a decimal, the decimal that of numbers too large for a double.
        if (double.Truncate(json.GetDouble()) != json.GetDouble())
            return NotWhole(json);
        if (!json.TryGetDecimal(out var number))
            return OutOfRange<T>(json);
        if (decimal.Truncate(number) != number)
            return NotWhole(json);
        value = T.CreateSaturating(number);
        return decimal.CreateChecked(value) == number ? null : OutOfRange<T>(json);
    }

    public static string? TryBool(JsonElement json, out bool value)
    {
        value = json.ValueKind == JsonValueKind.True;
        return json.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : Expected("true or false", json);
    }

    public static string? TryText(JsonElement json, out string value)
    {
        value = "";
        if (json.ValueKind != JsonValueKind.String)
            return Expected("a text", json);
        try
        {
            value = json.GetString()!;
            return null;
        }
        catch (InvalidOperationException)
        {
            // The parser lets an escaped half of a pair pass; reading it as a string is what fails.
            return "The text holds half of a surrogate pair.";
        }
    }

    private static string Expected(string expected, JsonElement json) =>
        $"Expected {expected}, got {json.ValueKind switch
        {
            JsonValueKind.String => "a text",
            JsonValueKind.Number => $"the number {Digits(json)}",
            JsonValueKind.Array => "an array",
            JsonValueKind.Object => "an object",
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => "null",
        }}.";

    private static string NotWhole(JsonElement json) => $"Expected a whole number, got {Digits(json)}.";

    private static string OutOfRange<T>(JsonElement json) =>
        $"{Digits(json)} is out of range for {ElementTypes.Of<T>().Name()}.";

    // A number may have any number of digits; a message may not.
    private static string Digits(JsonElement json)
    {
        var digits = json.GetRawText();
        return digits.Length <= 32 ? digits : $"{digits.AsSpan(0, 32)}…";
    }
}
