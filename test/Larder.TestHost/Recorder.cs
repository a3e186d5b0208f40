using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Recordings.Files;
using Larder.Recordings.Requests;

namespace Larder.TestHost;

/// <summary>Records calls in a directory, and dies between an attachment and its document where it is told to.</summary>
internal sealed class Recorder(string directory)
{
    /// <summary>Records one call.</summary>
    public string Record(string prompt, string answer, bool replace) =>
        new RecordingDirectory(directory).Write(Request(prompt), Outcome(answer, attachment: null), [], replace);

    /// <summary>Ends the process when the attachment is there and the document is not.</summary>
    public void Die(string prompt)
    {
        var attachments = new Attachments();
        var name = attachments.Add(new byte[5000], "bin");
        new RecordingDirectory(directory) { BeforeDocument = Process.GetCurrentProcess().Kill }.Write(
            Request(prompt),
            Outcome("never", name),
            attachments.All,
            replace: true
        );
    }

    /// <summary>Reads a call again and again until it has changed; returns what it has become.</summary>
    public string AwaitChange(string prompt, string from, Action ready)
    {
        var recordings = new RecordingDirectory(directory);
        ready();
        while (true)
        {
            var answer = recordings.Find(Request(prompt))!.Outcome.Answer!.Value.GetString()!;
            if (answer != from)
                return answer;
        }
    }

    /// <summary>Makes sure that a recording could be written.</summary>
    public void RequireWritable() => new RecordingDirectory(directory).RequireWritable();

    /// <summary>Finds a call; its answer, or nothing.</summary>
    public string? Find(string prompt) =>
        new RecordingDirectory(directory).Find(Request(prompt))?.Outcome.Answer?.GetString();

    /// <summary>Notes a use and ends; or dies before it can say that it ended.</summary>
    public void Use(string prompt, bool dies)
    {
        var log = new UsageLog(directory, TimeProvider.System);
        log.Note(Request(prompt).Key);
        if (dies)
            Process.GetCurrentProcess().Kill();
    }

    private static RecordedOutcome Outcome(string answer, string? attachment) =>
        new("System.String") { Answer = JsonSerializer.SerializeToElement(attachment ?? answer) };

    // The same as the tests make.
    private static RecordingRequest Request(string prompt) =>
        new(
            EntryKey.Of(
                new JsonObject
                {
                    ["arguments"] = new JsonObject { ["prompt"] = prompt },
                    ["configuration"] = null,
                    ["deployment"] = "Shop.Prices",
                    ["kind"] = "recording",
                    ["method"] = "Ask",
                    ["models"] = new JsonArray(),
                    ["types"] = new JsonArray(),
                    ["version"] = 1,
                }
            ),
            "Shop.Prices",
            "Ask"
        );
}
