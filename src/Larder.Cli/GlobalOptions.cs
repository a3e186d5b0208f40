using System.CommandLine;
using Larder.Cli.Help;
using Larder.Server.Configuration;

namespace Larder.Cli;

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Store { get; } =
        new("--store")
        {
            Description =
                "The store's directory [default: $LARDER_STORE, else $XDG_CACHE_HOME/larder, else ~/.cache/larder]",
            HelpName = "DIR",
            Recursive = true,
        };

    public Option<string?> Config { get; } =
        new("--config")
        {
            Description = "The configuration [default: $LARDER_CONFIG, else ./larder.json if it is there]",
            HelpName = "FILE",
            Recursive = true,
        };

    public Option<bool> Json { get; } =
        new("--json") { Description = "One JSON document on standard output", Recursive = true };

    public Option<bool> Quiet { get; } =
        new("--quiet", "-q") { Description = "No progress and no messages but errors", Recursive = true };

    public Option<bool> Verbose { get; } =
        new("--verbose", "-v") { Description = "Say more about what is done", Recursive = true };

    // In our own words: the library's options look theirs up in its resources, which takes longer than all the rest of a parse.
    private Option<bool> Help { get; } =
        new("--help", "-h", "-?")
        {
            Description = "Show what can be asked and how",
            Recursive = true,
            Action = new GuidedHelpAction(),
        };

    public IEnumerable<Option> All => [Store, Config, Json, Quiet, Verbose, Help, Version()];

    /// <summary>The configuration that a command line asks for, its store replaced where <c>--store</c> says so.</summary>
    public LarderConfiguration Configuration(ParseResult result)
    {
        var configuration = ConfigurationLoader.Load(result.GetValue(Config));
        if (result.GetValue(Store) is { Length: > 0 } store)
            configuration.Store.StorePath = store;
        return configuration;
    }

    private Option<bool> Version() =>
        new("--version") { Description = "Show the version", Action = new VersionAction(Json) };
}
