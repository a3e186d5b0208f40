using System.CommandLine;
using Larder.Cli.Output;
using Larder.Server;
using Larder.Server.Configuration;
using Larder.Sharing;
using Microsoft.Extensions.Logging;

namespace Larder.Cli;

/// <summary>What a running command has at hand.</summary>
internal sealed class CommandContext(GlobalOptions options, ParseResult result) : IAsyncDisposable
{
    private readonly Lazy<LarderConfiguration> _configuration = new(() => options.Configuration(result));
    private TerminalLoggerFactory? _loggerFactory;
    private TeamCache? _team;

    public ParseResult Result { get; } = result;

    public bool Json { get; } = result.GetValue(options.Json);

    public bool Quiet { get; } = result.GetValue(options.Quiet);

    public bool Verbose { get; } = result.GetValue(options.Verbose);

    /// <summary>The configuration, read when it is first needed.</summary>
    public LarderConfiguration Configuration => _configuration.Value;

    /// <summary>Where warnings go: standard error, made when it is first needed.</summary>
    public ILoggerFactory LoggerFactory =>
        _loggerFactory ??= new TerminalLoggerFactory(
            Quiet ? LogLevel.Error
            : Verbose ? LogLevel.Information
            : LogLevel.Warning
        );

    /// <summary>The cache over the team's store; null where the configuration names none.</summary>
    public SharedCache? Shared =>
        Configuration.Shared is { } team
            ? (_team ??= TeamCache.Open(team, Configuration, loggerFactory: LoggerFactory)).Cache
            : null;

    /// <summary>Opens the cache that the configuration names.</summary>
    public ModelCache OpenCache()
    {
        foreach (var warning in Quiet ? [] : Configuration.Warnings)
            Terminal.Message($"warning: in the configuration {warning}");
        Configuration.Store.Shared = Shared;
        return new ModelCache(Configuration.Store, Configuration.Origins, loggerFactory: LoggerFactory);
    }

    public async ValueTask DisposeAsync()
    {
        if (_team is { } team)
            await team.DisposeAsync();
        _loggerFactory?.Dispose();
    }
}
