using System.CommandLine;
using System.Text.Json;
using Larder.Cli.Output;
using Larder.Sharing.Administration;

namespace Larder.Cli.Commands;

/// <summary><c>larder shared list</c>: the entries of the team's store.</summary>
internal static class SharedListCommand
{
    public static Command Create(GlobalOptions options)
    {
        var only = SharedCommand.Namespace();
        return new Command("list", "The entries of the shared store") { only }.Runs(
            options,
            async (context, cancellationToken) =>
            {
                var admin = SharedCommand.Open(context);
                var entries = new List<SharedEntrySummary>();
                await foreach (
                    var entry in admin.ListAsync(SharedCommand.NamespaceOf(context, only), cancellationToken)
                )
                    entries.Add(entry);
                // The store gives them in no order.
                entries.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
                if (context.Json)
                    WriteJson(entries);
                else if (entries.Count == 0)
                    Terminal.Message($"There is no entry in '{SharedCommand.Store(context).Location}'.");
                else
                    WriteTable(entries);
                return ExitCode.Done;
            }
        );
    }

    /// <summary>Writes entries as the elements of an array.</summary>
    public static void WriteEntries(Utf8JsonWriter json, IEnumerable<SharedEntrySummary> entries)
    {
        json.WriteStartArray("entries");
        foreach (var entry in entries)
        {
            json.WriteStartObject();
            json.WriteString("namespace", entry.Namespace);
            json.WriteString("signer", entry.Signer?.ToString());
            json.WriteString("kind", entry.Kind);
            json.WriteString("key", entry.Key.ToString());
            json.WriteString("reference", entry.Reference);
            json.WriteString("manifest", entry.Manifest?.ToString());
            json.WriteNumber("bytes", entry.SizeBytes);
            json.WriteNumber("files", entry.Files);
            if (entry.Created is { } created)
                json.WriteString("created", created.UtcDateTime);
            else
                json.WriteNull("created");
            json.WriteString("published", entry.Published.UtcDateTime);
            json.WriteNumber("age_seconds", Math.Round(entry.Age.TotalSeconds));
            json.WriteString("name", entry.Name);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteTable(List<SharedEntrySummary> entries)
    {
        var areSigned = entries.Any(entry => entry.Signer is not null);
        TableView.Write(
            ["Made from", "Namespace", "Kind", "Key", "Size", "Published", .. areSigned ? ["Signed by"] : (string[])[]],
            entries.Select(entry =>
                (string[])
                    [
                        entry.Reference ?? "cannot be read",
                        entry.Namespace,
                        entry.Kind,
                        entry.Key.ToString()[..12],
                        Sizes.Bytes(entry.SizeBytes),
                        Sizes.Moment(entry.Published),
                        .. areSigned ? [entry.Signer?.ToString()[..12] ?? ""] : (string[])[],
                    ]
            )
        );
    }

    private static void WriteJson(List<SharedEntrySummary> entries) =>
        Terminal.Json(json =>
        {
            json.WriteStartObject();
            WriteEntries(json, entries);
            json.WriteEndObject();
        });
}
