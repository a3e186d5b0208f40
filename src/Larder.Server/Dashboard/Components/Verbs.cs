using System.Globalization;

namespace Larder.Server.Dashboard.Components;

/// <summary>What buttons are called.</summary>
internal static class Verbs
{
    /// <summary>The verb with a large letter.</summary>
    public static string Title(string verb) =>
        verb.Length == 0 ? "" : char.ToUpper(verb[0], CultureInfo.InvariantCulture) + verb[1..];
}
