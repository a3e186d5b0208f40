using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Recordings.Files;
using Larder.Recordings.Requests;
using Larder.TestKit;

namespace Larder.Recordings.Tests.Files;

/// <summary>Requests and outcomes for tests of files.</summary>
internal static class Samples
{
    public const string Deployment = "Shop.Prices";
    public const string Method = "Ask";

    /// <summary>A request with one argument.</summary>
    public static RecordingRequest Asking(string prompt, string deployment = Deployment, string method = Method) =>
        Request(new JsonObject { ["prompt"] = prompt }, deployment, method);

    /// <summary>A request with these arguments.</summary>
    public static RecordingRequest Request(
        JsonObject arguments,
        string deployment = Deployment,
        string method = Method,
        JsonObject? configuration = null,
        string? model = null
    ) =>
        new(
            EntryKey.Of(
                new JsonObject
                {
                    ["arguments"] = arguments,
                    ["configuration"] = configuration,
                    ["deployment"] = deployment,
                    ["kind"] = "recording",
                    ["method"] = method,
                    ["models"] = model is null
                        ? []
                        : new JsonArray(Digest.Of(JsonSerializer.SerializeToUtf8Bytes(model)).ToString()),
                    ["types"] = new JsonArray(),
                    ["version"] = 1,
                }
            ),
            deployment,
            method
        );

    /// <summary>An answer that is a text.</summary>
    public static RecordedOutcome Answer(string text) => Answer("System.String", JsonSerializer.Serialize(text));

    /// <summary>An answer as its JSON.</summary>
    public static RecordedOutcome Answer(string type, string json) => new(type) { Answer = Json(json) };

    public static JsonElement Json(string json) => JsonElement.Parse(json);

    /// <summary>A clock so far ahead that all files are old.</summary>
    public static ManualTimeProvider Later()
    {
        var clock = new ManualTimeProvider();
        clock.Advance(TimeSpan.FromDays(36500));
        return clock;
    }
}
