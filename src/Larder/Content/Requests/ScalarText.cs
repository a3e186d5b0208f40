using System.Globalization;

namespace Larder.Content.Requests;

/// <summary>The texts of values that JSON has no form of its own for.</summary>
internal static class ScalarText
{
    /// <summary>A text that reads back as the value, in any culture; null when the type has none here.</summary>
    public static string? Of(object value) =>
        value switch
        {
            Enum named => named.ToString(),
            char unit => unit.ToString(),
            Guid id => id.ToString(),
            DateTime or DateTimeOffset or DateOnly or TimeOnly => RoundTrip((IFormattable)value),
            TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
            Uri uri when uri.GetType() == typeof(Uri) => uri.OriginalString,
            Digest digest => digest.ToString(),
            // An sbyte[] is a byte[] too.
            byte[] bytes when bytes.GetType() == typeof(byte[]) => Convert.ToBase64String(bytes),
            _ => null,
        };

    private static string RoundTrip(IFormattable value) => value.ToString("O", CultureInfo.InvariantCulture);
}
