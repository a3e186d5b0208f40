using Larder.Content;
using Larder.Pull;

namespace Larder.Passes.Commands;

/// <summary>Checks that a program left the files that its options declare.</summary>
internal static class ResultFiles
{
    private const int FilesNamed = 5;

    /// <summary>Checks that each pattern has a file.</summary>
    /// <param name="files">What it wrote.</param>
    /// <param name="outputs">The patterns.</param>
    /// <exception cref="PassException">A pattern has none.</exception>
    public static void Check(IReadOnlyList<string> files, IReadOnlyList<string> outputs)
    {
        var missing = outputs
            .Where(pattern => Glob.Parse(pattern) is var glob && !files.Any(glob.Matches))
            .Select(Printable.Quote)
            .ToList();
        if (missing.Count == 0)
            return;
        var named = string.Join(", ", files.Order(StringComparer.Ordinal).Take(FilesNamed).Select(Printable.Quote));
        var more = files.Count > FilesNamed ? ", …" : "";
        throw new PassException(
            PassFailure.Permanent,
            $"The command ended well, but declared outputs are missing: {string.Join(", ", missing)}. It wrote {named}{more}."
        );
    }
}
