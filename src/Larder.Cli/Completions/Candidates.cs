using System.CommandLine;
using System.CommandLine.Completions;
using Larder.Diffusion.Presets;
using Larder.Server.Configuration;

namespace Larder.Cli.Completions;

/// <summary>What the arguments and options of commands can be, told by the names that help shows for them.</summary>
/// <remarks>They are added only when a shell asks, so that no other start pays for them.</remarks>
internal static class Candidates
{
    public static void AddTo(Command command, GlobalOptions options)
    {
        foreach (var argument in command.Arguments)
        {
            if (Source(command.Name, argument.Name, options) is { } source)
                argument.CompletionSources.Add(source);
        }
        foreach (var option in command.Options)
        {
            if (Source(option) is { } source)
                option.CompletionSources.Add(source);
        }
        foreach (var subcommand in command.Subcommands)
            AddTo(subcommand, options);
    }

    private static Func<CompletionContext, IEnumerable<CompletionItem>>? Source(
        string command,
        string argument,
        GlobalOptions options
    ) =>
        argument switch
        {
            "MODEL" => context =>
                Items(context, options, configuration => [.. Models(configuration), .. Stored(configuration)]),
            "NAME" when command == "presets" => _ => Presets(),
            // REF, and REF… of a command that takes several.
            _ when argument.StartsWith("REF", StringComparison.Ordinal) => context => Items(context, options, Stored),
            _ => null,
        };

    private static Func<CompletionContext, IEnumerable<CompletionItem>>? Source(Option option) =>
        option.Name == "--preset" ? _ => Presets()
        // As --unpack auto|none.
        : option.HelpName?.Split('|') is { Length: > 1 } values ? _ => values.Select(value => new CompletionItem(value))
        : null;

    private static IEnumerable<CompletionItem> Presets() => VideoPresets.Names.Select(name => new CompletionItem(name));

    // As the command on the line would read it, of the store and configuration that it names.
    private static IEnumerable<CompletionItem> Items(
        CompletionContext context,
        GlobalOptions options,
        Func<LarderConfiguration, IEnumerable<string>> names
    )
    {
        try
        {
            return [.. names(options.Configuration(context.ParseResult)).Select(name => new CompletionItem(name))];
        }
        // A configuration with a fault, a store that cannot be read: whoever runs a command is told.
        catch (Exception failure)
            when (failure is LarderException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Models(LarderConfiguration configuration) => configuration.Models.Keys;

    private static IEnumerable<string> Stored(LarderConfiguration configuration)
    {
        // Opening a store makes it.
        if (
            !Directory.Exists(configuration.Store.StorePath)
            || !Directory.EnumerateFileSystemEntries(configuration.Store.StorePath).Any()
        )
            return [];
        using var cache = new ModelCache(configuration.Store, configuration.Origins);
        return [.. cache.List().Select(model => model.Reference)];
    }
}
