using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Larder.Content.Tensors;

/// <summary>Elements that are numbers. NaN and the infinities, which JSON lacks, are texts.</summary>
internal sealed class NumberElement<T>(string name) : TensorElement(name, typeof(T), Unsafe.SizeOf<T>())
    where T : unmanaged, INumber<T>, IMinMaxValue<T>, IUtf8SpanParsable<T>
{
    // Longer than the shortest form of any double or 64-bit integer.
    private const int MaxDigits = 32;
    private const string NaN = "NaN";
    private const string Infinity = "Infinity";
    private const string NegativeInfinity = "-Infinity";

    private static readonly T NaNValue = Special(NaN);
    private static readonly NumberStyles Style = T.IsNaN(NaNValue) ? NumberStyles.Float : NumberStyles.AllowLeadingSign;

    public override bool IsExactInJson(ReadOnlySpan<byte> elements)
    {
        if (!T.IsNaN(NaNValue))
            return true;
        // One text stands for every NaN, of which there are many.
        foreach (var value in LittleEndian.ElementsOf<T>(elements))
        {
            if (T.IsNaN(value) && !BitsOf(value).AsSpan().SequenceEqual(BitsOf(NaNValue)))
                return false;
        }
        return true;
    }

    public override void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> elements)
    {
        Span<byte> digits = stackalloc byte[MaxDigits];
        foreach (var value in LittleEndian.ElementsOf<T>(elements))
        {
            if (T.IsNaN(value))
            {
                writer.WriteStringValue(NaN);
            }
            else if (T.IsInfinity(value))
            {
                writer.WriteStringValue(T.IsPositive(value) ? Infinity : NegativeInfinity);
            }
            else
            {
                // The type's own shortest digits: 0.1 as float16 is 0.1, and not the digits of its nearest double.
                value.TryFormat(digits, out var count, default, CultureInfo.InvariantCulture);
                writer.WriteRawValue(digits[..count], skipInputValidation: true);
            }
        }
    }

    public override void Read(ref Utf8JsonReader reader, Span<byte> element)
    {
        if (!TryRead(ref reader, out var value))
            throw new JsonException(
                $"An element of a {Name} tensor is a number in its range, not {Shown(ref reader)}."
            );
        LittleEndian.BytesOf<T>([value]).CopyTo(element);
    }

    private static bool TryRead(ref Utf8JsonReader reader, out T value)
    {
        value = default;
        if (reader.TokenType == JsonTokenType.String && T.IsNaN(NaNValue))
        {
            var text = reader.GetString();
            if (text is not (NaN or Infinity or NegativeInfinity))
                return false;
            value = Special(text);
            return true;
        }
        if (reader.TokenType != JsonTokenType.Number)
            return false;
        // From its own digits: by way of a double, a float16 or float32 would be rounded twice.
        ReadOnlySpan<byte> digits = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        return T.TryParse(digits, Style, CultureInfo.InvariantCulture, out value) && T.IsFinite(value);
    }

    private static byte[] BitsOf(T value) => LittleEndian.BytesOf<T>([value]);

    // Integers have none of them, and give zero.
    private static T Special(string text) =>
        T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : T.Zero;

    private static string Shown(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
            return reader.TokenType.ToString();
        using var value = JsonDocument.ParseValue(ref reader);
        return Printable.Escape(value.RootElement.GetRawText());
    }
}
