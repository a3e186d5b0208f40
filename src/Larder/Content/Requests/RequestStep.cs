using System.Globalization;

namespace Larder.Content.Requests;

/// <summary>One step of the path to a value: a name, or the index of an item.</summary>
internal readonly record struct RequestStep(string? Name, int Index)
{
    // Names come from callers and may have any length.
    private const int MaxPlain = 128;

    public override string ToString()
    {
        if (Name is null)
            return string.Create(CultureInfo.InvariantCulture, $"[{Index}]");

        return IsPlain(Name) ? $".{Name}" : $"[{Printable.Quote(Name)}]";
    }

    private static bool IsPlain(string name) =>
        name.Length is > 0 and <= MaxPlain && name.All(unit => char.IsAsciiLetterOrDigit(unit) || unit is '_' or '-');
}
