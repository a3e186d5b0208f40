using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larder.Recordings.AI.Json;

/// <summary>What a client gives every answer anew, whatever it says: ids and times.</summary>
internal static class AnswerMarks
{
    private static readonly string[] Names = ["responseId", "messageId", "conversationId", "callId", "createdAt"];

    // What lies in these is the model's or somebody's own, under names of theirs.
    private static readonly string[] Others = ["additionalProperties", "arguments", "result"];

    /// <summary>The answer without its marks, to be compared with one of another day.</summary>
    public static JsonElement LeaveOut(JsonElement answer)
    {
        var node = JsonNode.Parse(answer.GetRawText());
        LeaveOut(node);
        return JsonSerializer.SerializeToElement(node);
    }

    private static void LeaveOut(JsonNode? node)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
                LeaveOut(item);
        }
        if (node is not JsonObject members)
            return;
        foreach (var name in Names)
            members.Remove(name);
        foreach (var (name, value) in members)
        {
            if (!Others.Contains(name, StringComparer.Ordinal))
                LeaveOut(value);
        }
    }
}
