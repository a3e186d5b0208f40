using Larder.Content;

namespace Larder.Diffusion;

/// <summary>Words for a name that nothing has.</summary>
internal static class NameChoice
{
    /// <summary>Suggests the name that was probably meant, else all that there are.</summary>
    public static string Suggest(string name, IReadOnlyCollection<string> known) =>
        NearestName.Of(name, known) is { } nearest ? $"Did you mean '{Printable.Escape(nearest)}'?"
        : known.Count == 0 ? "There are none."
        : $"Known are {string.Join(", ", known.Select(Printable.Escape))}.";
}
