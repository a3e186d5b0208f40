using Microsoft.Extensions.Configuration;

namespace Larder.Server.Configuration;

/// <summary>The settings in environment variables, under the names that the file has for them.</summary>
internal static class EnvironmentSettings
{
    private const string Prefix = "LARDER__";

    /// <summary>Whether there is one.</summary>
    public static bool Any()
    {
        foreach (string name in Environment.GetEnvironmentVariables().Keys)
        {
            if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    /// <summary>Each setting with its path, whose parts are spelled as in <paramref name="file"/> where it has them.</summary>
    /// <remarks>Variables are in capitals as a rule, and the id of a model is not: <c>PRICES</c> would be another model.</remarks>
    public static IEnumerable<KeyValuePair<string, string?>> Read(IConfiguration file)
    {
        var spelling = file.AsEnumerable()
            .ToDictionary(pair => pair.Key, pair => pair.Key, StringComparer.OrdinalIgnoreCase);
        return new ConfigurationBuilder()
            .AddEnvironmentVariables(Prefix)
            .Build()
            .AsEnumerable()
            .Where(pair => pair.Value is not null)
            .Select(pair => KeyValuePair.Create(Spell(pair.Key), pair.Value));

        string Spell(string path)
        {
            var spelled = "";
            foreach (var name in path.Split(ConfigurationPath.KeyDelimiter))
            {
                spelled = spelled.Length == 0 ? name : ConfigurationPath.Combine(spelled, name);
                spelled = spelling.GetValueOrDefault(spelled, spelled);
            }
            return spelled;
        }
    }
}
