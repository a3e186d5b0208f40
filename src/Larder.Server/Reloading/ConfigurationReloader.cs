using System.Globalization;
using System.Runtime.InteropServices;
using Larder.Server.Configuration;
using Larder.Server.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Reloading;

/// <summary>Takes the configuration over anew when its file changes, and on SIGHUP; one with faults changes nothing.</summary>
internal sealed class ConfigurationReloader(
    LarderConfiguration configuration,
    IEnumerable<IReloadable> parts,
    TimeProvider timeProvider,
    ILogger<ConfigurationReloader> logger
) : BackgroundService
{
    private readonly IReloadable[] _parts = [.. parts];

    // What each setting in force is: for those that need a restart, the value that the server was started with.
    private readonly Dictionary<string, string> _inForce = new(configuration.Values, StringComparer.OrdinalIgnoreCase);
    private ConfigurationWatch? _watch;
    private volatile ConfigurationStatus _status = new(timeProvider.GetUtcNow());

    /// <summary>How the configuration stands.</summary>
    public ConfigurationStatus Status => _status;

    /// <summary>Raised after each look at a changed file, whatever came of it.</summary>
    public event EventHandler? Looked;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (configuration.File is { } file)
            _watch = new ConfigurationWatch(file, configuration.FileDigest, timeProvider, logger);
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _watch?.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (configuration.File is not { } file || _watch is not { } watch)
            return;
        using var hangUp = PosixSignalRegistration.Create(
            PosixSignal.SIGHUP,
            signal =>
            {
                signal.Cancel = true;
                watch.Ask();
            }
        );
        try
        {
            while (true)
            {
                await watch.WaitAsync(stoppingToken);
                Reload(file);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A host that is disposed without having been stopped would call this a failure.
        }
    }

    private void Reload(string file)
    {
        try
        {
            TakeOver(Read(file));
        }
        catch (Exception failure)
        {
            // Also what nobody foresaw: a file that somebody edits must not stop the server that has read it.
            _status = _status with
            {
                // Faults name paths of this machine, which callers have no business with.
                Error = failure is ConfigurationException { Faults.Count: var faults }
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"It has {faults} {(faults == 1 ? "fault" : "faults")}, which the server's log names."
                    )
                    : "It could not be taken over. The server's log has the reason.",
                FailedAt = timeProvider.GetUtcNow(),
                Failures = _status.Failures + 1,
            };
            ModelsMeter.CountReload("refused");
            logger.ConfigurationRefused(failure.Message, failure is ConfigurationException ? null : failure);
        }
        Looked?.Invoke(this, EventArgs.Empty);
    }

    private LarderConfiguration Read(string file)
    {
        var read = configuration.ReadAgain?.Invoke() ?? ConfigurationLoader.Load(file);
        return read.Graphs.FindFaults() is { Count: > 0 } faults
            ? throw new ConfigurationException(file, faults)
            : read;
    }

    private void TakeOver(LarderConfiguration read)
    {
        var changed = Changed(read.Values);
        foreach (var part in _parts)
            part.Reload(read);
        var needRestart = changed.Where(name => !IsTakenOver(name)).ToList();
        foreach (var name in changed.Except(needRestart, StringComparer.OrdinalIgnoreCase))
        {
            if (read.Values.TryGetValue(name, out var value))
                _inForce[name] = value;
            else
                _inForce.Remove(name);
        }
        _status = new ConfigurationStatus(timeProvider.GetUtcNow())
        {
            NeedRestart = [.. needRestart.Select(SettingOf).Distinct(StringComparer.OrdinalIgnoreCase)],
            Reloads = _status.Reloads + 1,
            Failures = _status.Failures,
        };
        ModelsMeter.CountReload("applied");
        logger.ConfigurationTakenOver(read.Source, changed.Count - needRestart.Count);
        if (needRestart.Count > 0)
            logger.ConfigurationNeedsRestart(string.Join(", ", _status.NeedRestart));
        foreach (var warning in read.Warnings)
            logger.ConfigurationWarning(warning);
    }

    // Names only, here and in the log: some values are nobody's business.
    private List<string> Changed(IReadOnlyDictionary<string, string> read) =>
        [
            .. _inForce
                .Keys.Union(read.Keys, StringComparer.OrdinalIgnoreCase)
                .Where(name => _inForce.GetValueOrDefault(name) != read.GetValueOrDefault(name))
                .Order(StringComparer.Ordinal),
        ];

    private bool IsTakenOver(string name)
    {
        var path = Path(name);
        return _parts.Any(part =>
            part.Settings.Any(setting =>
                path.StartsWith(setting, StringComparison.OrdinalIgnoreCase)
                && (path.Length == setting.Length || path[setting.Length] == '.')
            )
        );
    }

    private static string Path(string name) => name.Replace(':', '.');

    // Of a list the list: which of its elements changed is for whoever changed it to know.
    private static string SettingOf(string name) =>
        string.Join('.', name.Split(':').TakeWhile(part => !part.All(char.IsAsciiDigit)));
}
