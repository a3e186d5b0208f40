using Larder.Origins;
using Larder.Pull;
using Larder.Server.Runtimes;

namespace Larder.Server.Configuration;

/// <summary>The section <c>models</c>: an id for each model that is served.</summary>
internal static class ModelSettings
{
    // They say when a model is fetched and loaded, not what it is.
    private static readonly string[] Times = ["fresh_for", "stale_if_error", "revalidate", "warm"];

    /// <summary>Whether a setting of a model leaves it the model that it is.</summary>
    public static bool SaysWhen(string name) => Times.Contains(name, StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyDictionary<string, ServedModel> Read(SettingReader models, bool offline)
    {
        var result = new Dictionary<string, ServedModel>(StringComparer.Ordinal);
        foreach (var id in models.Names)
        {
            var settings = models.Section(id);
            if (!ModelId.IsValid(id))
                models.Fault(
                    id,
                    $"is no id of a model: 1 to {ModelId.MaxLength} letters, digits, '.', '_' and '-' are, but not 'cache'."
                );
            if (ReadOne(id, settings, offline) is { } model)
                result[id] = model;
            settings.FindUnknown();
        }
        return result;
    }

    private static ServedModel? ReadOne(string id, SettingReader settings, bool offline)
    {
        var from = Reference(settings);
        var file = settings.Text("file");
        var pull = new PullOptions();
        pull = pull with
        {
            FreshFor = settings.Duration("fresh_for", pull.FreshFor),
            StaleIfError = settings.Flag("stale_if_error", pull.StaleIfError),
            Include = Patterns(settings, "include"),
            Exclude = Patterns(settings, "exclude"),
            Unpack = settings.Choice("unpack", pull.Unpack),
            Offline = offline,
        };
        var warm = settings.Flag("warm", fallback: false);
        var runtime = settings.Choice(
            "runtime",
            [OnnxRuntime.RuntimeName, ProcessRuntime.RuntimeName],
            OnnxRuntime.RuntimeName
        );
        var worker = WorkerSettings.Read(settings, runtime);
        var revalidate = settings.Choice("revalidate", RevalidateMode.Background);
        return from is null
            ? null
            : new ServedModel
            {
                Id = id,
                From = from,
                Runtime = runtime,
                File = file,
                Worker = worker,
                Pull = pull,
                Warm = warm,
                Revalidate = revalidate,
            };
    }

    private static IReadOnlyList<string> Patterns(SettingReader settings, string name)
    {
        var patterns = settings.List(name);
        foreach (var pattern in patterns)
        {
            if (Glob.FaultIn(pattern) is { } fault)
                settings.Fault(name, $"has the pattern '{pattern}', which {fault}.");
        }
        return patterns;
    }

    private static ModelReference? Reference(SettingReader settings)
    {
        if (settings.Text("from") is not { } text)
        {
            settings.Fault(
                "from",
                "is missing; it names where the files come from, such as file:///models/house-prices/."
            );
            return null;
        }
        try
        {
            return ModelReference.Parse(text);
        }
        catch (ReferenceException unreadable)
        {
            settings.Fault("from", $"is wrong: {unreadable.Message}");
            return null;
        }
    }
}
