using System.Text.Json;
using Larder.Graphs;
using Larder.Server.Reloading;
using Microsoft.Extensions.Configuration;

namespace Larder.Server.Configuration;

/// <summary>Reads <c>larder.json</c> and the variables <c>LARDER__SECTION__NAME</c>, which win over the file.</summary>
public static class ConfigurationLoader
{
    /// <summary>The file that is read when none is named and it is there.</summary>
    public const string DefaultFile = "larder.json";

    /// <summary>Reads and checks the configuration.</summary>
    /// <param name="path">The file; null: what the variable <c>LARDER_CONFIG</c> names, else <c>./larder.json</c> if it is there.</param>
    /// <exception cref="ConfigurationException">The file cannot be read, or settings are unknown or wrong: all are named.</exception>
    public static LarderConfiguration Load(string? path = null) => LoadFile(path, teamUrl: null);

    /// <summary>
    /// Reads and checks the configuration of an application that Larder is a part of: its section <c>Larder</c> if it has one, else
    /// what <see cref="Load(string)"/> reads. <c>ConnectionStrings:larder</c> is the <c>shared.url</c> of both, unless they have one.
    /// </summary>
    /// <exception cref="ConfigurationException">Settings are unknown or wrong, or the file cannot be read: all are named.</exception>
    internal static LarderConfiguration Load(IConfiguration application)
    {
        var teamUrl = application.GetConnectionString("larder") is { Length: > 0 } url ? url : null;
        var section = SectionSettings.Read(application);
        if (section.Count == 0)
            return LoadFile(path: null, teamUrl);
        const string source = $"section {SectionSettings.Name}";
        return Read(
            WithEnvironment(NewBuilder(teamUrl).AddInMemoryCollection(section), source),
            source,
            IsOffline(source)
        );
    }

    private static LarderConfiguration LoadFile(string? path, string? teamUrl)
    {
        path ??= Environment.GetEnvironmentVariable("LARDER_CONFIG") is { Length: > 0 } named ? named : null;
        if (path is null && File.Exists(DefaultFile))
            path = DefaultFile;
        var source = path ?? "the environment";
        var offline = IsOffline(source);
        // Nothing is set, so there is nothing to check. Most commands are short, and start twice as fast without the readers.
        if (path is null && teamUrl is null && !EnvironmentSettings.Any())
            return Defaults(source, offline);
        var builder = NewBuilder(teamUrl);
        if (path is null)
            return Read(WithEnvironment(builder, source), source, offline);
        var file = Path.GetFullPath(path);
        if (!File.Exists(file))
            throw new ConfigurationException(path, [$"There is no file '{file}'."]);
        var digest = ConfigurationWatch.TryRead(file);
        builder.AddJsonFile(file, optional: false, reloadOnChange: false);
        return Read(WithEnvironment(builder, source), source, offline) with { File = file, FileDigest = digest };
    }

    // Who mistypes it must not be on the network all the same.
    private static bool IsOffline(string source) =>
        Environment.GetEnvironmentVariable("LARDER_OFFLINE")?.ToLowerInvariant() switch
        {
            "1" or "true" or "yes" or "on" => true,
            null or "" or "0" or "false" or "no" or "off" => false,
            var other => throw new ConfigurationException(
                source,
                [$"LARDER_OFFLINE is '{other}'. Set it to 1 to stay off the network, or to 0."]
            ),
        };

    internal static LarderConfiguration Read(IConfiguration configuration, string source, bool offline = false)
    {
        var faults = new List<string>();
        var warnings = new List<string>();
        var root = new SettingReader(configuration, faults, warnings);
        var store = root.Section("store");
        var scrub = ScrubSettings.Read(store);
        var options = StoreSettings.Read(store, root.Section("transfer"));
        options.Archives = ArchiveSettings.Read(root.Section("archives"));
        var graphs = root.Section("graphs");
        var origins = OriginSettings.Read(root.Section("origins"));
        var server = root.Section("server");
        var result = new LarderConfiguration
        {
            Source = source,
            Store = options,
            Scrub = scrub,
            Origins = origins.Origins,
            S3 = origins.S3,
            Azure = origins.Azure,
            Shared = SharedSettings.Read(root.Section("shared"), origins.S3, origins.Azure),
            Onnx = GraphSettings.ReadModels(graphs),
            Graphs = GraphSettings.Read(graphs),
            Models = ModelSettings.Read(root.Section("models"), offline),
            // Before the rest of its section is read, and what is left there is unknown.
            WarmUp = WarmUpSettings.Read(server),
            Logs = ServerSettings.ReadLogs(server),
            Server = ServerSettings.Read(server),
            Offline = offline,
            Warnings = warnings,
            Values = configuration
                .AsEnumerable()
                .Where(setting => setting.Value is not null)
                .ToDictionary(setting => setting.Key, setting => setting.Value!, StringComparer.OrdinalIgnoreCase),
        };
        root.FindUnknown();
        return faults.Count == 0 ? result : throw new ConfigurationException(source, faults);
    }

    private static LarderConfiguration Defaults(string source, bool offline) =>
        new()
        {
            Source = source,
            Store = new ModelCacheOptions(),
            Origins = OriginSettings.Defaults(),
            Graphs = new GraphCacheOptions(),
            Models = new Dictionary<string, ServedModel>(StringComparer.Ordinal),
            Offline = offline,
            Warnings = [],
        };

    private static ConfigurationBuilder NewBuilder(string? teamUrl)
    {
        var builder = new ConfigurationBuilder();
        // The first source, over which all others win.
        if (teamUrl is not null)
            builder.AddInMemoryCollection([KeyValuePair.Create("shared:url", (string?)teamUrl)]);
        return builder;
    }

    private static IConfiguration WithEnvironment(IConfigurationBuilder builder, string source)
    {
        try
        {
            var settings = builder.Build();
            return builder.AddInMemoryCollection(EnvironmentSettings.Read(settings)).Build();
        }
        catch (Exception failure)
            when (failure is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            // The provider wraps the parser's error, which has the line.
            var reason = failure.InnerException is JsonException or FormatException ? failure.InnerException : failure;
            throw new ConfigurationException(
                source,
                [$"It cannot be read: {reason.InnerException?.Message ?? reason.Message}"],
                failure
            );
        }
    }
}
