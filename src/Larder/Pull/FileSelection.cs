using System.Globalization;
using Larder.Content;
using Larder.Origins;

namespace Larder.Pull;

/// <summary>Chooses among the files of a model by patterns: what is included, less what is excluded.</summary>
internal sealed class FileSelection
{
    private const int FilesNamed = 5;

    private readonly string[] _include;
    private readonly string[] _exclude;
    private readonly Glob[] _included;
    private readonly Glob[] _excluded;

    /// <summary>Reads the patterns of a pull.</summary>
    /// <exception cref="GlobException">One of them makes no sense.</exception>
    public FileSelection(PullOptions options)
    {
        _include = Canonical(options.Include);
        _exclude = Canonical(options.Exclude);
        _included = Array.ConvertAll(_include, Glob.Parse);
        _excluded = Array.ConvertAll(_exclude, Glob.Parse);
    }

    /// <summary>Whether nothing is left out.</summary>
    public bool IsAll => _include.Length == 0 && _exclude.Length == 0;

    /// <summary>Patterns in the one order that a key has for them, each once: neither matters to what they choose.</summary>
    public static string[] Canonical(IReadOnlyList<string> patterns) =>
        patterns.Count == 0 ? [] : [.. patterns.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public bool Has(string path) =>
        (_included.Length == 0 || Array.Exists(_included, glob => glob.Matches(path)))
        && !Array.Exists(_excluded, glob => glob.Matches(path));

    /// <summary>What is chosen of a listing.</summary>
    /// <exception cref="OriginException">Nothing is.</exception>
    public OriginListing Of(ModelReference reference, OriginListing listing)
    {
        if (IsAll || listing.Files.Count == 0)
            return listing;
        OriginFile[] chosen = [.. listing.Files.Where(file => Has(file.Path))];
        return chosen.Length > 0
            ? listing with
            {
                Files = chosen,
            }
            : throw Nothing(reference, [.. listing.Files.Select(file => file.Path)]);
    }

    /// <summary>The failure of a choice that leaves nothing.</summary>
    /// <param name="reference">Of what.</param>
    /// <param name="paths">All files that there are.</param>
    public OriginException Nothing(ModelReference reference, IReadOnlyList<string> paths)
    {
        var patterns = _include
            .Select(pattern => $"include {Printable.Quote(pattern)}")
            .Concat(_exclude.Select(pattern => $"exclude {Printable.Quote(pattern)}"));
        var named = string.Join(
            ", ",
            paths.Order(StringComparer.Ordinal).Take(FilesNamed).Select(path => Printable.Quote(path))
        );
        var more =
            paths.Count > FilesNamed
                ? string.Create(CultureInfo.InvariantCulture, $" and {paths.Count - FilesNamed} more")
                : "";
        return new OriginException(
            OriginFailure.NotFound,
            reference.Text,
            $"Nothing of '{reference}' is chosen by {string.Join(", ", patterns)}. There are {named}{more}. Upper and lower case differ, and a pattern with a slash begins at the top."
        );
    }
}
