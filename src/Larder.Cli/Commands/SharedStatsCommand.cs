using System.CommandLine;
using System.Globalization;
using Larder.Cli.Output;
using Larder.Sharing.Administration;

namespace Larder.Cli.Commands;

/// <summary><c>larder shared stats</c>: what the team's store holds.</summary>
internal static class SharedStatsCommand
{
    public static Command Create(GlobalOptions options) =>
        new Command("stats", "What the shared store holds").Runs(
            options,
            async (context, cancellationToken) =>
            {
                var location = SharedCommand.Store(context).Location;
                var statistics = await SharedCommand.Open(context).GetStatisticsAsync(cancellationToken);
                if (context.Json)
                    WriteJson(location, statistics);
                else
                    WriteText(location, statistics);
                return ExitCode.Done;
            }
        );

    private static void WriteText(string location, SharedStoreStatistics statistics)
    {
        if (statistics.Groups.Count > 0)
        {
            TableView.Write(
                ["Namespace", "Kind", "Entries", "Size"],
                statistics.Groups.Select(group =>
                    (string[])
                        [
                            group.Namespace,
                            group.Kind,
                            group.Entries.ToString(CultureInfo.InvariantCulture),
                            Sizes.Bytes(group.SizeBytes),
                        ]
                )
            );
        }
        Terminal.Answer(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{location}: {statistics.Entries} entries, {statistics.Blobs} blobs, {Sizes.Bytes(statistics.SizeBytes)}, of which no entry needs {statistics.OrphanBlobs} blobs, {Sizes.Bytes(statistics.OrphanBytes)}."
            )
        );
    }

    private static void WriteJson(string location, SharedStoreStatistics statistics) =>
        Terminal.Json(json =>
        {
            json.WriteStartObject();
            json.WriteString("store", location);
            json.WriteNumber("entries", statistics.Entries);
            json.WriteNumber("manifests", statistics.Manifests);
            json.WriteNumber("blobs", statistics.Blobs);
            json.WriteNumber("bytes", statistics.SizeBytes);
            json.WriteNumber("orphan_blobs", statistics.OrphanBlobs);
            json.WriteNumber("orphan_bytes", statistics.OrphanBytes);
            json.WriteStartArray("groups");
            foreach (var group in statistics.Groups)
            {
                json.WriteStartObject();
                json.WriteString("namespace", group.Namespace);
                json.WriteString("kind", group.Kind);
                json.WriteNumber("entries", group.Entries);
                json.WriteNumber("bytes", group.SizeBytes);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
}
