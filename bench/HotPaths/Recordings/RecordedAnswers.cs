using System.Globalization;
using System.Text.Json;
using Larder.Content;
using Larder.Recordings;
using Larder.Recordings.Files;
using Larder.Recordings.Requests;

namespace HotPaths.Recordings;

/// <summary>A directory of many recordings of one method, written without waiting for the device each time.</summary>
internal static class RecordedAnswers
{
    public static readonly Deployment Service = new("Shop.Assistant")
    {
        Models = [new ModelPin(Digest.Of("a model"u8))],
    };

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
        var requests = new RequestForms(new RecordingsOptions { Directory = directory }, directory);
        Directory.CreateDirectory(RecordingLayout.FolderOf(directory, Service.Name, nameof(IAssistant.AnswerAsync)));
        for (var i = 0; i < recordings; i++)
        {
            var call = new RecordedCall(Service, nameof(IAssistant.AnswerAsync))
                .With("prompt", Prompt(i))
                .With("options", Options(i));
            var request = requests.Of(call);
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

    /// <summary>Asks what a recording answers; of a number beyond the last, what none does.</summary>
    public static Task<string> AskAsync(IAssistant assistant, int number) =>
        assistant.AnswerAsync(Prompt(number), Options(number));

    private static AnswerOptions Options(int number) => new(0.5, 200 + (number % 3));

    public static string Prompt(int number)
    {
        var random = new Random(number);
        var words = Enumerable.Range(0, 20).Select(_ => Words[random.Next(Words.Length)]);
        return string.Create(CultureInfo.InvariantCulture, $"{number}: {string.Join(' ', words)}?");
    }
}
