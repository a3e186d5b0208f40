using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Recordings.Files;
using Larder.Recordings.Requests;

namespace HotPaths.Recordings;

/// <summary>A directory of many recordings of one method, written without waiting for the device each time.</summary>
internal static class RecordedAnswers
{
    private const string Deployment = "Shop.Assistant";
    private const string Method = "AnswerAsync";

    private static readonly string[] Words =
    [
        .. "what is the price of a red or green apple when it rains in June and nobody looks after the old garden".Split(
            ' '
        ),
    ];

    /// <summary>Makes the directory unless it is there.</summary>
    public static void Make(string directory, int recordings)
    {
        if (Directory.Exists(directory))
            return;
        var folder = RecordingLayout.FolderOf(directory, Deployment, Method);
        Directory.CreateDirectory(folder);
        for (var i = 0; i < recordings; i++)
        {
            var request = Request(i);
            var outcome = new RecordedOutcome("System.String")
            {
                Answer = JsonSerializer.SerializeToElement($"The answer to {Prompt(i)}"),
            };
            File.WriteAllBytes(
                RecordingLayout.FileOf(directory, request),
                RecordingDocument.Write(request.Key, outcome)
            );
        }
    }

    /// <summary>The request of a recording; of a number beyond the last, one that has none.</summary>
    public static RecordingRequest Request(int number) =>
        new(
            EntryKey.Of(
                new JsonObject
                {
                    ["arguments"] = new JsonObject
                    {
                        ["prompt"] = Prompt(number),
                        ["options"] = new JsonObject { ["temperature"] = 0.5, ["max_tokens"] = 200 + (number % 3) },
                    },
                    ["configuration"] = new JsonObject { ["model"] = "small", ["seed"] = 7 },
                    ["deployment"] = Deployment,
                    ["kind"] = "recording",
                    ["method"] = Method,
                    ["models"] = new JsonArray(Digest.Of("a model"u8).ToString()),
                    ["types"] = new JsonArray(),
                    ["version"] = 1,
                }
            ),
            Deployment,
            Method
        );

    private static string Prompt(int number)
    {
        var random = new Random(number);
        var words = Enumerable.Range(0, 20).Select(_ => Words[random.Next(Words.Length)]);
        return string.Create(CultureInfo.InvariantCulture, $"{number}: {string.Join(' ', words)}?");
    }
}
