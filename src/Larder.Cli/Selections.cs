using System.CommandLine;
using Larder.Origins;
using Larder.Pull;

namespace Larder.Cli;

/// <summary>The options that choose among the files of a reference, and with it among its entries in the store.</summary>
internal sealed class Selections
{
    private readonly Option<string[]> _include = new("--include")
    {
        Description = "Only files that match, as in .gitignore: '*.onnx' at any depth; may be given again",
        HelpName = "GLOB",
    };

    private readonly Option<string[]> _exclude = new("--exclude")
    {
        Description = "Not the files that match, whatever --include says; may be given again",
        HelpName = "GLOB",
    };

    private readonly Option<string?> _unpack = new("--unpack")
    {
        Description = "auto: the files in a .zip, .tar, .tar.gz or .tgz; none: the archive as it is [default: auto]",
        HelpName = "auto|none",
    };

    /// <summary>Gives a command the options.</summary>
    public void AddTo(Command command)
    {
        command.Add(_include);
        command.Add(_exclude);
        command.Add(_unpack);
    }

    /// <summary>Whether the command line has one of them.</summary>
    public bool AreGiven(ParseResult result) =>
        IsGiven(result, _include) || IsGiven(result, _exclude) || IsGiven(result, _unpack);

    /// <summary>Reads them.</summary>
    public PullOptions Read(ParseResult result) =>
        new()
        {
            Include = result.GetValue(_include) ?? [],
            Exclude = result.GetValue(_exclude) ?? [],
            Unpack = result.GetValue(_unpack) switch
            {
                null or "auto" => UnpackMode.Auto,
                "none" => UnpackMode.None,
                var other => throw new UsageException($"--unpack is '{other}'; auto and none are possible."),
            },
        };

    /// <summary>The options that name the choice of a model's files; empty for all of them.</summary>
    public static string TextOf(CachedModel model) =>
        string.Join(
            ' ',
            model
                .Include.Select(pattern => $"--include {Quote(pattern)}")
                .Concat(model.Exclude.Select(pattern => $"--exclude {Quote(pattern)}"))
                .Concat(model.Unpack == UnpackMode.None ? ["--unpack none"] : [])
        );

    /// <summary>The failure of a command whose model is not stored in that choice of files.</summary>
    public static NotCachedException NotStored(ModelCache cache, ModelReference reference)
    {
        var others = cache
            .List()
            .Where(model => model.DerivedFrom is null && model.Reference == reference.Text)
            .Select(TextOf)
            .Select(text => text.Length == 0 ? "without these options" : $"with {text}")
            .ToList();
        return new NotCachedException(
            reference.Text,
            others.Count == 0
                ? $"'{reference}' is not in the store '{cache.StorePath}'. 'larder list' shows what is."
                : $"'{reference}' is in the store '{cache.StorePath}' only {string.Join(" and ", others)}. Say which you mean by the same options."
        );
    }

    // For a shell.
    private static string Quote(string pattern) => $"'{pattern.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static bool IsGiven(ParseResult result, Option option) => result.GetResult(option) is { Implicit: false };
}
