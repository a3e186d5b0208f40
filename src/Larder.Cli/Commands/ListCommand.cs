using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Larder.Cli.Output;

namespace Larder.Cli.Commands;

/// <summary><c>larder list</c>: what is in the store.</summary>
internal static class ListCommand
{
    public static Command Create(GlobalOptions options)
    {
        var versions = new Option<bool>("--versions")
        {
            Description = "Also the earlier versions that are still whole: pull --digest goes back to one",
        };
        return new Command("list", "What is in the store") { versions }.Runs(
            options,
            (context, _) =>
            {
                var withVersions = context.Result.GetValue(versions);
                using var cache = context.OpenCache();
                var models = cache.List();
                if (context.Json)
                    WriteJson(models, withVersions);
                else if (models.Count == 0)
                    Terminal.Message($"The store '{cache.StorePath}' is empty. 'larder pull REF' fills it.");
                else
                    WriteTable(models, withVersions);
                return Task.FromResult(ExitCode.Done);
            }
        );
    }

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

    /// <summary>Writes the earlier versions of a model that are still whole.</summary>
    public static void WriteVersions(Utf8JsonWriter json, CachedModel model)
    {
        json.WriteStartArray("earlier_versions");
        foreach (var version in model.ListEarlierVersions())
        {
            json.WriteStartObject();
            json.WriteString("digest", version.Digest.ToString());
            json.WriteNumber("bytes", version.SizeBytes);
            json.WriteNumber("files", version.Files);
            json.WriteString("stored", version.Stored.UtcDateTime);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteTable(IReadOnlyList<CachedModel> models, bool withVersions)
    {
        // Most stores have none, and a column of nothing is wide.
        var hasChoices = models.Any(model => Selections.TextOf(model).Length > 0);
        var hasKinds = models.Any(model => model.DerivedFrom is not null);
        TableView.Write(
            [
                "Reference",
                .. hasKinds ? ["Kind"] : (string[])[],
                .. hasChoices ? ["Files chosen by"] : (string[])[],
                "Version",
                "Files",
                "Size",
                "Last used",
                "Kept",
            ],
            models.SelectMany(model =>
                (withVersions ? model.ListEarlierVersions() : []).Select(Earlier).Prepend(Present(model))
            )
        );

        IReadOnlyList<string> Present(CachedModel model) =>
            [
                model.Reference,
                .. hasKinds ? [model.Kind] : (string[])[],
                .. hasChoices ? [Selections.TextOf(model)] : (string[])[],
                model.Digest.ToString()[..12],
                model.Files.ToString(CultureInfo.InvariantCulture),
                Sizes.Bytes(model.SizeBytes),
                Sizes.Moment(model.LastUsed),
                Kept(model),
            ];

        IReadOnlyList<string> Earlier(ModelVersion version) =>
            [
                "",
                .. hasKinds ? [""] : (string[])[],
                .. hasChoices ? [""] : (string[])[],
                version.Digest.ToString()[..12],
                version.Files.ToString(CultureInfo.InvariantCulture),
                Sizes.Bytes(version.SizeBytes),
                "",
                $"earlier, from {Sizes.Moment(version.Stored)}",
            ];
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

    private static void WriteJson(IReadOnlyList<CachedModel> models, bool withVersions) =>
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
                json.WriteString("derived_from", model.DerivedFrom?.ToString());
                json.WriteNumber("bytes", model.SizeBytes);
                json.WriteNumber("files", model.Files);
                json.WriteString("last_used", model.LastUsed.UtcDateTime);
                json.WriteBoolean("pinned", model.Pinned);
                json.WriteBoolean("leased", model.Leased);
                json.WriteBoolean("lower_store", model.InLowerStore);
                if (withVersions)
                    WriteVersions(json, model);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
}
