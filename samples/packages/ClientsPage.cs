using Larder.Recordings;
using Larder.Recordings.AI;
using Microsoft.Extensions.AI;

namespace PackagePages;

/// <summary>The page of the package <c>Larder.Recordings.AI</c>.</summary>
internal static class ClientsPage
{
    public static async Task RunAsync(string[] _)
    {
        // Replayed where USE_DEPLOYMENT_CACHE=true, recorded where SAVE_DEPLOYMENT_CACHE=true, passed through otherwise.
        using var recordings = new Recordings(new RecordingsOptions { Directory = "recordings" });
        using IChatClient client = new EchoClient().UseRecordings(recordings);

        var response = await client.GetResponseAsync("What is a larder?");
        Console.WriteLine(response.Text);
    }
}
