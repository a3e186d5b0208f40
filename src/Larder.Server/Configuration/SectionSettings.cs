using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace Larder.Server.Configuration;

/// <summary>The settings in a section of an application's configuration, but for those of environment variables.</summary>
/// <remarks>
/// Variables are read on their own (<see cref="EnvironmentSettings"/>): a host takes <c>LARDER__STORE__PATH</c> for a setting of its
/// section <c>Larder</c>, and one of them would make it seem that the application has such a section. Their capitals would also be
/// those of the ids of models.
/// </remarks>
internal static class SectionSettings
{
    /// <summary>The section that an application has for Larder.</summary>
    public const string Name = "Larder";

    /// <summary>Each setting by its path within the section; none where there is no such section.</summary>
    public static Dictionary<string, string?> Read(IConfiguration configuration)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (configuration is not IConfigurationRoot { Providers: var providers })
        {
            foreach (var (path, value) in configuration.GetSection(Name).AsEnumerable(makePathsRelative: true))
                Add(path, value);
            return settings;
        }
        // A later provider wins over an earlier one; how a name is spelled is for the first to say.
        foreach (var provider in providers.Where(one => one is not EnvironmentVariablesConfigurationProvider))
            Collect(provider, Name, "");
        return settings;

        void Collect(IConfigurationProvider provider, string path, string relative)
        {
            foreach (var name in provider.GetChildKeys([], path).Distinct(StringComparer.OrdinalIgnoreCase))
            {
                var child = ConfigurationPath.Combine(path, name);
                var below = relative.Length == 0 ? name : ConfigurationPath.Combine(relative, name);
                if (provider.TryGet(child, out var value))
                    Add(below, value);
                Collect(provider, child, below);
            }
        }

        void Add(string path, string? value)
        {
            if (value is not null)
                settings[path] = value;
        }
    }
}
