using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Larder.Cli.Output;
using Larder.Content;

namespace Larder.Cli.Commands;

/// <summary><c>larder show REF</c>: one entry, with its key, its request and its files.</summary>
internal static class ShowCommand
{
    public static Command Create(GlobalOptions options)
    {
        var reference = new Argument<string>("REF") { Description = "The reference that was pulled" };
        var selections = new Selections();
        var command = new Command("show", "One model in the store: its key, its request, its files") { reference };
        selections.AddTo(command);
        return command.Runs(
            options,
            async (context, cancellationToken) =>
            {
                var wanted = References.Parse(context.Result.GetRequiredValue(reference));
                using var cache = context.OpenCache();
                var selection = selections.Read(context.Result);
                var model = cache.Find(wanted, selection) ?? throw Selections.NotStored(cache, wanted);
                var derived = cache.ListDerived(model.Digest);
                var kept = await cache.ExplainAsync(wanted, selection, cancellationToken);
                if (context.Json)
                    WriteJson(model, model.ReadManifest(), derived, kept);
                else
                    WriteText(model, model.ReadManifest(), derived, kept);
                return ExitCode.Done;
            }
        );
    }

    private static void WriteText(
        CachedModel model,
        Manifest? manifest,
        IReadOnlyList<CachedModel> derived,
        KeepReport? kept
    )
    {
        (string Name, string Value)[] facts =
        [
            ("Reference", model.Reference),
            .. Selections.TextOf(model) is { Length: > 0 } chosen ? [("Chosen by", chosen)] : ((string, string)[])[],
            .. model.Archive is { } archive ? [("Unpacked", $"from {archive}")] : ((string, string)[])[],
            ("Version", model.Digest.ToString()),
            (
                "Size",
                string.Create(CultureInfo.InvariantCulture, $"{Sizes.Bytes(model.SizeBytes)} in {model.Files} files")
            ),
            ("Directory", model.SnapshotPath),
            ("Fetched", $"{Sizes.Moment(model.Created)}, in {Sizes.Time(model.Duration)}"),
            ("Checked", Sizes.Moment(model.Checked)),
            ("Last used", Sizes.Moment(model.LastUsed)),
            ("Kept", Explain(model, kept)),
            ("Removal", kept is null ? "frees nothing" : Removal(kept)),
            (
                "Trust",
                model.Trust switch
                {
                    "origin" => "the origin names every digest",
                    "adopted" => "adopted: files were taken from a directory where they lay",
                    _ => "first use: the digests are those of the bytes that came first",
                }
            ),
            .. model.HasOnlySizeAndTime
                ? [("Compared", "by size and time: its origin has nothing better")]
                : ((string, string)[])[],
            .. model.Revision is { } revision ? [("Revision", revision)] : ((string, string)[])[],
            .. model
                .ListEarlierVersions()
                .Select(version =>
                    (
                        "Earlier",
                        $"{version.Digest}, {Sizes.Bytes(version.SizeBytes)}, from {Sizes.Moment(version.Stored)}"
                    )
                ),
            .. derived.Select(made =>
                ("Made of it", $"{made.Kind}, {Sizes.Bytes(made.SizeBytes)}, from {Sizes.Moment(made.Created)}")
            ),
            ("Key", model.Key.ToString()),
            ("Request", model.Request),
        ];
        foreach (var (name, value) in facts)
            Terminal.Answer($"{name + ":", -11} {value}");
        if (manifest is null)
            Terminal.Message("The list of its files is damaged. 'larder pull' mends it.");
        else
            TableView.Write(
                ["File", "Size", "SHA-256"],
                manifest.Files.Select(file =>
                    (IReadOnlyList<string>)[file.Path, Sizes.Bytes(file.SizeBytes), file.Digest.ToString()]
                )
            );
    }

    private static void WriteJson(
        CachedModel model,
        Manifest? manifest,
        IReadOnlyList<CachedModel> derived,
        KeepReport? kept
    ) =>
        Terminal.Json(json =>
        {
            json.WriteStartObject();
            json.WriteString("key", model.Key.ToString());
            json.WritePropertyName("request");
            json.WriteRawValue(model.Request);
            json.WritePropertyName("manifest");
            if (manifest is null)
                json.WriteNullValue();
            else
                json.WriteRawValue(manifest.Bytes.Span);
            json.WriteString("kind", model.Kind);
            json.WriteString("reference", model.Reference);
            ListCommand.WriteSelection(json, model);
            json.WriteString("digest", model.Digest.ToString());
            json.WriteString("path", model.SnapshotPath);
            json.WriteNumber("bytes", model.SizeBytes);
            json.WriteNumber("files", model.Files);
            json.WriteString("created", model.Created.UtcDateTime);
            json.WriteString("checked", model.Checked.UtcDateTime);
            json.WriteString("last_used", model.LastUsed.UtcDateTime);
            json.WriteNumber("seconds", model.Duration.TotalSeconds);
            json.WriteString("trust", model.Trust);
            json.WriteString("compared_by", model.HasOnlySizeAndTime ? "size_and_time" : "version");
            json.WriteString("revision", model.Revision);
            json.WriteBoolean("leased", model.Leased);
            json.WriteBoolean("pinned", model.Pinned);
            json.WriteBoolean("lower_store", model.InLowerStore);
            ListCommand.WriteVersions(json, model);
            json.WriteStartArray("derived");
            foreach (var made in derived)
            {
                json.WriteStartObject();
                json.WriteString("kind", made.Kind);
                json.WritePropertyName("request");
                json.WriteRawValue(made.Request);
                json.WriteString("digest", made.Digest.ToString());
                json.WriteNumber("bytes", made.SizeBytes);
                json.WriteString("created", made.Created.UtcDateTime);
                json.WriteString("last_used", made.LastUsed.UtcDateTime);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WritePropertyName("kept");
            if (kept is null)
                json.WriteNullValue();
            else
                WriteKept(json, kept);
            json.WriteEndObject();
        });

    private static void WriteKept(Utf8JsonWriter json, KeepReport kept)
    {
        json.WriteStartObject();
        json.WriteNumber("freed_bytes", kept.FreedBytes);
        json.WriteNumber("shared_bytes", kept.SharedBytes);
        json.WriteNumber("uses", kept.Uses);
        json.WriteString("policy", kept.Policy);
        json.WriteNumber("rank", kept.Rank);
        json.WriteNumber("versions", kept.Versions);
        json.WriteStartArray("earlier_versions");
        foreach (var version in kept.EarlierVersions)
            json.WriteStringValue(version.ToString());
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Explain(CachedModel model, KeepReport? kept)
    {
        if (model.InLowerStore)
            return "in the lower store, which is only read";
        if (kept is null)
            return "its version is missing: 'larder pull' mends it";
        var place = string.Create(
            CultureInfo.InvariantCulture,
            $"{kept.Uses} uses noted; number {kept.Rank} of {kept.Versions} to go by the policy '{kept.Policy}'"
        );
        return (kept.Leased, kept.Pinned) switch
        {
            (true, true) => $"in use and pinned; {place}",
            (true, false) => $"in use; {place}",
            (false, true) => $"pinned; {place}",
            _ => place,
        };
    }

    private static string Removal(KeepReport kept) =>
        $"frees {Sizes.Bytes(kept.FreedBytes)}"
        + (kept.SharedBytes > 0 ? $"; {Sizes.Bytes(kept.SharedBytes)} are shared with other models" : "")
        + (
            kept.EarlierVersions.Count > 0
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"; {kept.EarlierVersions.Count} earlier versions go first"
                )
                : ""
        );
}
