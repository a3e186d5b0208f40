using System.CommandLine;
using System.Globalization;
using Larder.Cli.Output;
using Larder.Content;
using Larder.Pull;

namespace Larder.Cli.Commands;

/// <summary><c>larder show REF</c>: one entry, with its key, its request and its files.</summary>
internal static class ShowCommand
{
    public static Command Create(GlobalOptions options)
    {
        var reference = new Argument<string>("REF") { Description = "The reference that was pulled" };
        return new Command("show", "One model in the store: its key, its request, its files") { reference }.Runs(
            options,
            (context, _) =>
            {
                var wanted = References.Parse(context.Result.GetRequiredValue(reference));
                using var cache = context.OpenCache();
                var model =
                    cache.Find(wanted)
                    ?? throw new NotCachedException(
                        wanted.Text,
                        $"'{wanted}' is not in the store '{cache.StorePath}'. 'larder list' shows what is."
                    );
                if (context.Json)
                    WriteJson(model, model.ReadManifest());
                else
                    WriteText(model, model.ReadManifest());
                return Task.FromResult(ExitCode.Done);
            }
        );
    }

    private static void WriteText(CachedModel model, Manifest? manifest)
    {
        (string Name, string Value)[] facts =
        [
            ("Reference", model.Reference),
            ("Version", model.Digest.ToString()),
            (
                "Size",
                string.Create(CultureInfo.InvariantCulture, $"{Sizes.Bytes(model.SizeBytes)} in {model.Files} files")
            ),
            ("Directory", model.SnapshotPath),
            ("Fetched", $"{Sizes.Moment(model.Created)}, in {Sizes.Time(model.Duration)}"),
            ("Checked", Sizes.Moment(model.Checked)),
            ("Last used", Sizes.Moment(model.LastUsed)),
            ("In use", model.Leased ? "yes" : "no"),
            (
                "Trust",
                model.Trust == "origin"
                    ? "the origin names every digest"
                    : "first use: the digests are those of the bytes that came first"
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

    private static void WriteJson(CachedModel model, Manifest? manifest) =>
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
            json.WriteString("digest", model.Digest.ToString());
            json.WriteString("path", model.SnapshotPath);
            json.WriteNumber("bytes", model.SizeBytes);
            json.WriteNumber("files", model.Files);
            json.WriteString("created", model.Created.UtcDateTime);
            json.WriteString("checked", model.Checked.UtcDateTime);
            json.WriteString("last_used", model.LastUsed.UtcDateTime);
            json.WriteNumber("seconds", model.Duration.TotalSeconds);
            json.WriteString("trust", model.Trust);
            json.WriteBoolean("leased", model.Leased);
            json.WriteEndObject();
        });
}
