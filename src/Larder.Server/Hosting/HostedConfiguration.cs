using Larder.Server.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Hosting;

/// <summary>The settings of Larder in an application that has a configuration of its own.</summary>
internal static class HostedConfiguration
{
    // What the application decides where Larder is a part of it.
    private static readonly string[] OfTheHost = ["server:urls", "server:certificate", "server:logs"];

    /// <summary>Reads and checks them, and warns of what has no use.</summary>
    /// <exception cref="ConfigurationException">They have faults: all are named.</exception>
    public static LarderConfiguration Read(
        IServiceProvider services,
        Func<LarderConfiguration, LarderConfiguration>? configure
    )
    {
        var application = services.GetRequiredService<IConfiguration>();
        var configuration = Read() with { ReadAgain = Read };
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(LarderServer));
        foreach (var warning in configuration.Warnings)
            logger.ConfigurationWarning(warning);
        return configuration;

        LarderConfiguration Read()
        {
            var read = ConfigurationLoader.Load(application);
            var changed = configure?.Invoke(read) ?? read;
            return ConfigurationCheck.FaultsIn(changed) is { Count: > 0 } faults
                ? throw new ConfigurationException(changed.Source, faults)
                : changed with
                {
                    Warnings = [.. changed.Warnings, .. WithoutUse(changed)],
                };
        }
    }

    private static IEnumerable<string> WithoutUse(LarderConfiguration configuration) =>
        OfTheHost
            .Where(setting =>
                configuration.Values.Keys.Any(name =>
                    name.Equals(setting, StringComparison.OrdinalIgnoreCase)
                    || name.StartsWith(setting + ":", StringComparison.OrdinalIgnoreCase)
                )
            )
            .Select(setting =>
                $"{setting.Replace(':', '.')} has no use here: the application that Larder is a part of decides that."
            );
}
