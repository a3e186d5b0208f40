using System.Globalization;

namespace Larder.Content;

/// <summary>A number as its significant decimal digits: 0.DIGITS × 10^Point.</summary>
/// <remarks>Digits neither start nor end with a zero, so equal numbers are equal values; zero has no digits.</remarks>
internal readonly record struct DecimalNumber(bool IsNegative, string Digits, long Point)
{
    // Far beyond any double, and far from overflow when the length of a text is added.
    private const long FarExponent = int.MaxValue;

    /// <summary>Whether there is nothing after the decimal point.</summary>
    public bool IsInteger => Digits.Length <= Point;

    /// <summary>The fewest digits that read back as this finite double, and the nearest to it of those.</summary>
    public static DecimalNumber Of(double value)
    {
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        // .NET gives two powers of two (2^-25, 2^-958) a digit too few: the text of their neighbour, and so its key.
        bool readsBack = double.Parse(shortest, CultureInfo.InvariantCulture).Equals(value);
        return Parse(readsBack ? shortest : value.ToString("E16", CultureInfo.InvariantCulture));
    }

    /// <summary>Reads a number in the notation of JSON, keeping every digit.</summary>
    public static DecimalNumber Parse(ReadOnlySpan<char> number)
    {
        int mark = number.IndexOfAny('e', 'E');
        ReadOnlySpan<char> mantissa = (mark < 0 ? number : number[..mark]).TrimStart('-');
        int dot = mantissa.IndexOf('.');
        string digits = dot < 0 ? mantissa.ToString() : string.Concat(mantissa[..dot], mantissa[(dot + 1)..]);
        string significant = digits.TrimStart('0');
        if (significant.Length == 0)
            return new DecimalNumber(IsNegative: false, "", 0);

        long point = dot < 0 ? digits.Length : dot;
        long exponent = mark < 0 ? 0 : ParseExponent(number[(mark + 1)..]);
        int leadingZeros = digits.Length - significant.Length;
        return new DecimalNumber(number[0] == '-', significant.TrimEnd('0'), point + exponent - leadingZeros);
    }

    /// <summary>The text that ECMAScript's Number::toString gives, for a number that is a double.</summary>
    public string ToEcmaScript()
    {
        string sign = IsNegative ? "-" : "";
        int point = (int)Point;
        return point switch
        {
            _ when Digits.Length == 0 => "0",
            > 0 and <= 21 when IsInteger => sign + Digits.PadRight(point, '0'),
            > 0 and <= 21 => $"{sign}{Digits.AsSpan(0, point)}.{Digits.AsSpan(point)}",
            > -6 and <= 0 => $"{sign}0.{new string('0', -point)}{Digits}",
            _ => $"{sign}{Digits[0]}{(Digits.Length > 1 ? "." : "")}{Digits.AsSpan(1)}{Exponent(point - 1)}",
        };
    }

    private static string Exponent(int exponent) =>
        string.Create(CultureInfo.InvariantCulture, $"e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent)}");

    private static long ParseExponent(ReadOnlySpan<char> text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long exponent))
            return Math.Clamp(exponent, -FarExponent, FarExponent);

        return text[0] == '-' ? -FarExponent : FarExponent;
    }
}
