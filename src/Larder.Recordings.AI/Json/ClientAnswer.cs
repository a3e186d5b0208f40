namespace Larder.Recordings.AI.Json;

/// <summary>Makes what recordings hold of what clients answer.</summary>
internal static class ClientAnswer
{
    /// <summary>Writes an answer, and makes sure that it can be read.</summary>
    /// <exception cref="NotRecordableException">The answer has something that would not come back.</exception>
    public static ClientAnswer<T> Of<T>(T made)
        where T : class
    {
        var (json, parts) = ClientJson.WriteAnswer(made);
        var answer = new ClientAnswer<T>
        {
            Json = json,
            Data = parts.Data is [] ? null : parts.Data,
            Vectors = parts.Vectors is [] ? null : parts.Vectors,
        };
        // Here, where the call was made, rather than in a replay on another day.
        answer.Read();
        answer.Made = made;
        return answer;
    }
}
