using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Larder.Cli.Output;

namespace Larder.Cli.Commands;

/// <summary><c>larder list</c>: what is in the store.</summary>
internal static class ListCommand
{
    public static Command Create(GlobalOptions options) =>
        new Command("list", "What is in the store").Runs(
            options,
            (context, _) =>
            {
                using var cache = context.OpenCache();
                var models = cache.List();
                if (context.Json)
                    WriteJson(models);
                else if (models.Count == 0)
                    Terminal.Message($"The store '{cache.StorePath}' is empty. 'larder pull REF' fills it.");
                else
                    WriteTable(models);
                return Task.FromResult(ExitCode.Done);
            }
        );

    /// <summary>Writes by which patterns the files of a model were chosen.</summary>
    public static void WriteSelection(Utf8JsonWriter json, CachedModel model)
    {
        Write("include", model.Include);
        Write("exclude", model.Exclude);
        json.WriteString("unpack", model.Unpack.ToString().ToLowerInvariant());
        json.WriteString("archive", model.Archive);

        void Write(string name, IReadOnlyList<string> patterns)
        {
            json.WriteStartArray(name);
            foreach (var pattern in patterns)
                json.WriteStringValue(pattern);
            json.WriteEndArray();
        }
    }

    private static void WriteTable(IReadOnlyList<CachedModel> models)
    {
        // Most stores have none, and a column of nothing is wide.
        var hasChoices = models.Any(model => Selections.TextOf(model).Length > 0);
        TableView.Write(
            [
                "Reference",
                .. hasChoices ? ["Files chosen by"] : (string[])[],
                "Version",
                "Files",
                "Size",
                "Last used",
                "Kept",
            ],
            models.Select(model =>
                (IReadOnlyList<string>)
                    [
                        model.Reference,
                        .. hasChoices ? [Selections.TextOf(model)] : (string[])[],
                        model.Digest.ToString()[..12],
                        model.Files.ToString(CultureInfo.InvariantCulture),
                        Sizes.Bytes(model.SizeBytes),
                        Sizes.Moment(model.LastUsed),
                        Kept(model),
                    ]
            )
        );
    }

    private static string Kept(CachedModel model)
    {
        List<string> reasons = [];
        if (model.Leased)
            reasons.Add("in use");
        if (model.Pinned)
            reasons.Add("pinned");
        if (model.InLowerStore)
            reasons.Add("lower store");
        return string.Join(", ", reasons);
    }

    private static void WriteJson(IReadOnlyList<CachedModel> models) =>
        Terminal.Json(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("entries");
            foreach (var model in models)
            {
                json.WriteStartObject();
                json.WriteString("kind", model.Kind);
                json.WriteString("reference", model.Reference);
                WriteSelection(json, model);
                json.WriteString("digest", model.Digest.ToString());
                json.WriteNumber("bytes", model.SizeBytes);
                json.WriteNumber("files", model.Files);
                json.WriteString("last_used", model.LastUsed.UtcDateTime);
                json.WriteBoolean("pinned", model.Pinned);
                json.WriteBoolean("leased", model.Leased);
                json.WriteBoolean("lower_store", model.InLowerStore);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
}
