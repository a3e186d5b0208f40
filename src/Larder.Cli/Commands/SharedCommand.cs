using System.CommandLine;
using Larder.Cli.Output;
using Larder.Sharing;
using Larder.Sharing.Administration;

namespace Larder.Cli.Commands;

/// <summary><c>larder shared</c>: looks after the team's store.</summary>
internal static class SharedCommand
{
    public static Command Create(GlobalOptions options) =>
        new("shared", "Look after the store that a team shares: setting shared.url of the configuration")
        {
            SharedStatsCommand.Create(options),
            SharedListCommand.Create(options),
            SharedVerifyCommand.Create(options),
            SharedPruneCommand.Create(options),
        };

    /// <summary>The option that chooses the entries of one namespace.</summary>
    public static Option<string?> Namespace() =>
        new("--namespace") { Description = "Only entries of this namespace", HelpName = "NAME" };

    /// <summary>What that option says; null for all namespaces.</summary>
    public static string? NamespaceOf(CommandContext context, Option<string?> option) =>
        context.Result.GetValue(option) is not { } name ? null
        : name.Length > 0 ? name
        : throw new UsageException("--namespace is empty: leave it out for all namespaces.");

    /// <summary>The store that the configuration names.</summary>
    public static ISharedStore Store(CommandContext context)
    {
        if (context.Configuration.Offline)
            throw new UsageException("LARDER_OFFLINE is set, and the team's store is not on this machine: unset it.");
        return context.Shared?.Store
            ?? throw new UsageException(
                "The configuration names no shared store: set shared.url, or the variable LARDER__SHARED__URL."
            );
    }

    /// <summary>Looks after the store that the configuration names.</summary>
    /// <param name="context">What is at hand.</param>
    /// <param name="progress">Is told how far it is.</param>
    public static SharedStoreAdmin Open(CommandContext context, IProgress<WorkProgress>? progress = null) =>
        new(Store(context)) { Progress = progress };

    /// <summary>Shows how far a work on the store is, unless nobody wants to know.</summary>
    public static WorkDisplay? Display(CommandContext context) =>
        context.Quiet ? null : new WorkDisplay(Store(context).Location);
}
