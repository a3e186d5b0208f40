using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Larder.Cli.Output;
using Larder.Recordings.Administration;

namespace Larder.Cli.Commands;

/// <summary><c>larder recordings list</c>: the recordings, and which of them tests still use.</summary>
internal static class RecordingsListCommand
{
    // Enough to tell one call from another, and little enough for a line.
    private const int MostArguments = 48;

    public static Command Create(GlobalOptions options)
    {
        var directory = RecordingsCommand.Directory();
        return new Command("list", "The recordings, and which of them the last run of all tests used")
        {
            directory,
        }.Runs(
            options,
            (context, cancellationToken) =>
            {
                var listing = RecordingsCommand.Open(context, directory).List(cancellationToken);
                if (context.Json)
                    WriteJson(listing);
                else
                    WriteText(listing);
                return Task.FromResult(ExitCode.Done);
            }
        );
    }

    private static void WriteText(RecordingListing listing)
    {
        if (listing.Recordings.Count > 0)
        {
            TableView.Write(
                ["Method", "Arguments", "Key", "Kind", "Size", "Needed", "Last used"],
                listing.Recordings.Select(recording =>
                    (string[])
                        [
                            $"{recording.Deployment}.{recording.Method}",
                            Shortened.Of(WithoutBraces(recording.Arguments), MostArguments),
                            recording.Key.ToString()[..12],
                            KindOf(recording),
                            Sizes.Bytes(recording.SizeBytes),
                            recording.IsUsed switch
                            {
                                true => "yes",
                                false => "no",
                                null => "?",
                            },
                            recording.LastUsed is { } last ? Sizes.Moment(last) : "",
                        ]
                )
            );
        }
        var unused = listing.Recordings.Count(recording => recording.IsUsed == false);
        Terminal.Answer(
            listing.LastRun is { } run
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"{RecordingsCommand.Count(listing.Recordings.Count)}; {(unused == 0 ? "all" : $"all but {unused}")} were used by the last run of all tests, '{PlainText.Of(run.Name)}' of {Sizes.Moment(run.Started)}, or since."
                )
                : $"{RecordingsCommand.Count(listing.Recordings.Count)}."
        );
        if (listing.LastRun is null)
            Terminal.Message(
                "Nothing tells which of them are needed: run all tests with LARDER_RECORDINGS_RUN set to a name, a new one each time."
            );
        else if (listing.LastRun.Open > 0)
            Terminal.Message(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Of the {listing.LastRun.Processes} processes of that run {listing.LastRun.Open} have not ended, or were killed: they may need more."
                )
            );
    }

    private static string WithoutBraces(string arguments) => arguments is ['{', .. var inner, '}'] ? inner : arguments;

    private static string KindOf(ListedRecording recording) => recording.Kind.ToString().ToLowerInvariant();

    private static void WriteJson(RecordingListing listing) =>
        Terminal.Json(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("recordings");
            foreach (var recording in listing.Recordings)
            {
                json.WriteStartObject();
                json.WriteString("deployment", recording.Deployment);
                json.WriteString("method", recording.Method);
                json.WriteString("arguments", recording.Arguments);
                json.WriteString("key", recording.Key.ToString());
                json.WriteString("file", recording.File);
                json.WriteNumber("bytes", recording.SizeBytes);
                json.WriteString("kind", KindOf(recording));
                if (recording.IsUsed is { } used)
                    json.WriteBoolean("used", used);
                else
                    json.WriteNull("used");
                WriteTime(json, "last_used", recording.LastUsed);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            WriteRun(json, listing.LastRun);
            json.WriteEndObject();
        });

    private static void WriteRun(Utf8JsonWriter json, NotedRun? run)
    {
        if (run is null)
        {
            json.WriteNull("last_run");
            return;
        }
        json.WriteStartObject("last_run");
        json.WriteString("name", run.Name);
        WriteTime(json, "started", run.Started);
        json.WriteNumber("processes", run.Processes);
        json.WriteNumber("open", run.Open);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known)
            json.WriteString(name, known.UtcDateTime);
        else
            json.WriteNull(name);
    }
}
