namespace Larder.Content;

/// <summary>What the Unicode standard asks of .NET strings and .NET does not.</summary>
internal static class Utf16
{
    /// <summary>Whether every surrogate has its partner, so that the text has a UTF-8 form.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        for (int at; (at = text.IndexOfAnyInRange('\uD800', '\uDFFF')) >= 0; text = text[(at + 2)..])
        {
            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
                return false;
        }

        return true;
    }

    /// <summary>Compares well-formed texts by the bytes of their UTF-8, which is the order of code points.</summary>
    public static int CompareAsUtf8(string left, string right)
    {
        int at = left.AsSpan().CommonPrefixLength(right);
        return at == left.Length || at == right.Length
            ? left.Length.CompareTo(right.Length)
            : Rank(left[at]).CompareTo(Rank(right[at]));
    }

    // A surrogate stands for a code point above U+FFFF, yet its own value lies below U+E000.
    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
