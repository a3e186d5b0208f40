using System.Runtime.InteropServices;
using System.Text.Json;

namespace Larder.Server.Http;

/// <summary>Whether the names in a document are texts.</summary>
internal static class JsonNames
{
    /// <summary>
    /// The parser lets an escaped half of a surrogate pair pass, and whoever looks for a member fails on it, wherever it stands. So it
    /// is looked for once, in bodies that have such escapes at all.
    /// </summary>
    /// <exception cref="JsonException">A name is no text.</exception>
    public static void ThrowIfBroken(JsonElement document)
    {
        var json = JsonMarshal.GetRawUtf8Value(document);
        if (json.IndexOf("\\u"u8) < 0)
            return;
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName && reader.ValueIsEscaped && !IsText(ref reader))
                throw new JsonException("The name of a member holds half of a surrogate pair.");
        }
    }

    private static bool IsText(ref Utf8JsonReader name)
    {
        try
        {
            return name.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
