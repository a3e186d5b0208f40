using System.Globalization;
using System.Numerics;
using System.Text;

namespace Larder.Content.Requests;

/// <content>Numbers, of equal value alike whatever their type.</content>
internal sealed partial class RequestWriter
{
    private const long MaxExact = 1L << 53;

    // Room for the digits of any long or double, with a sign and an exponent.
    private const int MaxNumber = 32;

    public void WriteNumber(long value)
    {
        Span<byte> digits = stackalloc byte[MaxNumber];
        value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        WriteInteger(digits[..length], isExact: value is >= -MaxExact and <= MaxExact);
    }

    public void WriteNumber(ulong value)
    {
        Span<byte> digits = stackalloc byte[MaxNumber];
        value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        WriteInteger(digits[..length], isExact: value <= MaxExact);
    }

    public void WriteNumber(double value)
    {
        if (double.IsInteger(value))
            WriteInteger(value);
        else if (double.IsFinite(value))
            WriteFraction(value);
        else if (forms is not null)
            forms.WriteNumber(this, value.ToString(CultureInfo.InvariantCulture));
        else
            throw Refused(
                $"{value.ToString(CultureInfo.InvariantCulture)} is no number that a key can hold; give a finite one."
            );
    }

    // A fraction by its own digits: 0.1f is 0.1, as it is in JSON, and not the double nearest to its bits.
    public void WriteNumber(float value)
    {
        if (float.IsInteger(value) || !float.IsFinite(value))
            WriteNumber((double)value);
        else
            WriteFraction(
                double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            );
    }

    public void WriteNumber(decimal value)
    {
        if (decimal.IsInteger(value))
        {
            WriteInteger(new BigInteger(value));
            return;
        }

        var text = value.ToString("0.############################", CultureInfo.InvariantCulture);
        var nearest = (double)value;
        if (DecimalNumber.Of(nearest) == DecimalNumber.Parse(text))
            WriteFraction(nearest);
        else
            WriteDigits(text);
    }

    /// <summary>Writes a number by its JSON: of an integer every digit counts, a fraction is the nearest double.</summary>
    public void WriteNumber(string json)
    {
        var nearest = double.Parse(json, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(nearest) && forms is not null)
        {
            forms.WriteNumber(this, json);
            return;
        }
        if (!double.IsFinite(nearest))
            throw Refused($"{Printable.Quote(json)} is larger than a double can be; give it as a string.");

        var exact = DecimalNumber.Parse(json);
        if (exact.IsInteger)
            WriteInteger(exact);
        else if (forms is null || exact == DecimalNumber.Of(nearest))
            WriteNumber(nearest);
        else
            forms.WriteNumber(this, json);
    }

    private void WriteInteger(double value)
    {
        if (Math.Abs(value) <= MaxExact)
            WriteNumber((long)value);
        else
            WriteInteger(new BigInteger(value));
    }

    // Not the text itself, which may be any number of zeros.
    private void WriteInteger(DecimalNumber value)
    {
        var digits = "0" + value.Digits.PadRight((int)value.Point, '0');
        var magnitude = BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        WriteInteger(value.IsNegative ? -magnitude : magnitude);
    }

    public void WriteNumber(BigInteger value) => WriteInteger(value);

    private void WriteInteger(BigInteger value)
    {
        if (BigInteger.Abs(value) <= MaxExact)
            WriteNumber((long)value);
        else
            WriteDigits(value.ToString(CultureInfo.InvariantCulture));
    }

    // Beyond 2^53 a reader of JSON may take two integers for one.
    private void WriteInteger(ReadOnlySpan<byte> digits, bool isExact)
    {
        if (isExact)
            _output.WriteRaw(digits);
        else
            WriteDigits(Encoding.ASCII.GetString(digits));
    }

    private void WriteDigits(string text)
    {
        if (forms is null)
            _output.WriteString(text);
        else
            forms.WriteNumber(this, text);
    }

    private void WriteFraction(double value)
    {
        // In this range .NET's shortest digits, in its notation, are those of ECMAScript.
        if (Math.Abs(value) is < 1e-4 or >= 1e15)
        {
            _output.WriteRaw(DecimalNumber.Of(value).ToEcmaScript());
            return;
        }

        Span<byte> digits = stackalloc byte[MaxNumber];
        value.TryFormat(digits, out var length, "R", CultureInfo.InvariantCulture);
        _output.WriteRaw(digits[..length]);
    }
}
