using Larder.Recordings;

namespace PackagePages;

/// <summary>The page of the package <c>Larder.Recordings</c>.</summary>
internal static class RecordingsPage
{
    public static async Task RunAsync(string[] _)
    {
        // SAVE_DEPLOYMENT_CACHE=true records what the service answers; USE_DEPLOYMENT_CACHE=true replays it, and the service is never made.
        using var recordings = new Recordings(new RecordingsOptions { Directory = "recordings" });
        var sentiment = recordings.Wrap<ISentiment>(() => new SlowSentiment(), new Deployment("sentiment"));

        Console.WriteLine(await sentiment.ScoreAsync("a wonderful film"));
    }
}
