using System.Reflection;
using System.Text.Json.Nodes;
using Larder.Recordings.AI.Json;
using Larder.Recordings.Proxies;
using Microsoft.Extensions.AI;

namespace Larder.Recordings.AI.Requests;

/// <summary>Makes calls of what chat clients are asked.</summary>
internal static class ChatRequest
{
    /// <summary>The call of a method with these messages.</summary>
    /// <exception cref="NotRecordableException">Two requests that differ could not be told apart.</exception>
    public static RecordedCall Of(
        Deployment deployment,
        string method,
        IReadOnlyList<ChatMessage> messages,
        ChatOptions? options,
        IReadOnlyCollection<Assembly> known,
        ServiceSource source
    )
    {
        var parts = new ClientParts([], []);
        var call = new RecordedCall(deployment, method)
        {
            Known = known,
            Source = source,
            Compared = AnswerMarks.LeaveOut,
            Again = () => Of(deployment, method, messages, options, known, source),
        }
            .With("messages", MessagesOf(messages, parts))
            .With("options", OptionsOf(options, parts));
        return parts.AddTo(call);
    }

    private static JsonArray MessagesOf(IReadOnlyList<ChatMessage> messages, ClientParts parts)
    {
        var written = new JsonArray();
        for (var i = 0; i < messages.Count; i++)
        {
            var place = $"$.arguments.messages[{i}]";
            RequireContents(messages[i], place);
            written.Add(ClientJson.WriteRequest<object>(messages[i], place, parts));
        }
        return written;
    }

    // What a raw representation says is said by the content that it belongs to, but for content that is nothing else. In an
    // assistant's message it came with an earlier answer, and what that answered is in the request already.
    private static void RequireContents(ChatMessage message, string place)
    {
        if (message.Role == ChatRole.Assistant)
            return;
        for (var i = 0; i < message.Contents.Count; i++)
        {
            if (message.Contents[i] is { RawRepresentation: { } raw } content && content.GetType() == typeof(AIContent))
            {
                var at = $"{place}.contents[{i}]";
                throw new NotRecordableException(
                    $"{at} is content of the client's own, {raw.GetType().FullName}, whose state cannot be seen: two requests that differ in it could not be told apart. Use a content of Microsoft.Extensions.AI, such as TextContent or DataContent.",
                    at
                );
            }
        }
    }

    // No options ask for the same as options that say nothing.
    private static JsonObject OptionsOf(ChatOptions? options, ClientParts parts)
    {
        const string place = "$.arguments.options";
        if (options is null)
            return [];
        RawOptions.Refuse(options.RawRepresentationFactory, place);
        var written = ClientJson.WriteRequest<object>(options, place, parts);
        if (options.Tools is { Count: > 0 } tools)
        {
            written["tools"] = new JsonArray([
                .. tools.Select((tool, i) => ToolForm.Of(tool, $"{place}.tools[{i}]", parts)),
            ]);
        }
        return written;
    }
}
