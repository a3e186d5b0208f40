using System.Text.Json;

namespace Larder.Cli.Demo;

/// <summary>What the server answered, as far as the demonstration shows it.</summary>
internal sealed record DemoAnswer(
    string Prediction,
    string Files,
    string Graph,
    TimeSpan FilesTime,
    TimeSpan LoadTime,
    TimeSpan RunTime,
    TimeSpan TotalTime
)
{
    public static DemoAnswer Read(JsonElement answer)
    {
        var cache = answer.GetProperty("cache");
        var seconds = answer.GetProperty("seconds");
        return new DemoAnswer(
            answer.GetProperty("prediction").ToString(),
            cache.GetProperty("files").GetString()!,
            cache.GetProperty("graph").GetString()!,
            Time("files"),
            Time("load"),
            Time("run"),
            Time("total")
        );

        TimeSpan Time(string step) => TimeSpan.FromSeconds(seconds.GetProperty(step).GetDouble());
    }
}
