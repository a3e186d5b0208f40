using Microsoft.Extensions.AI;

namespace Larder.Recordings.AI;

/// <summary>Chat and embedding clients whose answers are recorded.</summary>
public static class RecordedClients
{
    /// <summary>Records or replays a chat client; live, it gives back the very client.</summary>
    public static IChatClient UseRecordings(this IChatClient client, Recordings recordings) =>
        throw new NotImplementedException(client?.ToString() + recordings);
}
