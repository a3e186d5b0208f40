using System.Globalization;
using System.Numerics;
using System.Text;
using Larder.Content.Requests;

namespace Larder.Recordings.Requests;

/// <summary>Numbers and texts of .NET that are told apart from those of JSON where the declaration does not do it.</summary>
internal static class ScalarForms
{
    /// <summary>How values of the type are written; null when it is no such type.</summary>
    public static ValueForm? Of(Type type)
    {
        if (type == typeof(float))
            return WriteSingle;
        if (type == typeof(Half))
            return WriteHalf;
        if (
            type == typeof(BigInteger)
            || type == typeof(Int128)
            || type == typeof(UInt128)
            || type == typeof(nint)
            || type == typeof(nuint)
        )
            return WriteInteger;

        return IsText(type) ? WriteText : null;
    }

    // By its own digits where it is known to be a float; elsewhere 0.1f is what it is, and not the double 0.1.
    private static bool WriteSingle(RequestWriter request, object value, Type? declared)
    {
        if (declared == typeof(float))
            request.WriteNumber((float)value);
        else
            request.WriteNumber((double)(float)value);
        return true;
    }

    private static bool WriteHalf(RequestWriter request, object value, Type? declared)
    {
        var number = (Half)value;
        if (declared == typeof(Half) && Half.IsFinite(number))
            request.WriteNumber(
                double.Parse(number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            );
        else
            request.WriteNumber((double)number);
        return true;
    }

    private static bool WriteInteger(RequestWriter request, object value, Type? declared)
    {
        request.WriteNumber(
            value switch
            {
                BigInteger number => number,
                Int128 number => number,
                UInt128 number => number,
                nint number => number,
                _ => (BigInteger)(nuint)value,
            }
        );
        return true;
    }

    private static bool IsText(Type type) =>
        type.IsEnum
        || type == typeof(char)
        || type == typeof(Guid)
        || type == typeof(DateTime)
        || type == typeof(DateTimeOffset)
        || type == typeof(DateOnly)
        || type == typeof(TimeOnly)
        || type == typeof(TimeSpan)
        || type == typeof(Uri)
        || type == typeof(Content.Digest)
        || type == typeof(Version)
        || type == typeof(Rune)
        || type == typeof(StringBuilder)
        || type == typeof(ReadOnlyMemory<char>)
        || type == typeof(Memory<char>);

    private static bool WriteText(RequestWriter request, object value, Type? declared)
    {
        var text = request.Forms!.TextOf(request.Name, ScalarText.Of(value) ?? value.ToString()!);
        if (value.GetType() == declared)
        {
            request.WriteString(text);
            return true;
        }

        FormNames.Open(request, FormNames.Value);
        request.WriteString(text);
        FormNames.Next(request, "type");
        request.WriteString(value.GetType().ToString());
        FormNames.Close(request);
        return true;
    }
}
