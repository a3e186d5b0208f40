using System.Globalization;
using System.Text.Json;

namespace Larder.Recordings.Answers;

/// <summary>Where in a document a writer was when it stopped.</summary>
/// <remarks>The serializer tells only the properties on the way, neither the items nor the names in a dictionary.</remarks>
internal static class PartialPath
{
    /// <summary>The path of the value that comes next, or of the object that has just begun.</summary>
    /// <param name="written">A document that is cut after a token.</param>
    public static string Of(ReadOnlySpan<byte> written)
    {
        // The reader waits for what ends a number.
        Span<byte> ended = new byte[written.Length + 1];
        written.CopyTo(ended);
        ended[^1] = (byte)' ';
        var reader = new Utf8JsonReader(ended, isFinalBlock: false, state: default);
        var open = new Stack<Level>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    open.Push(new Level(reader.TokenType == JsonTokenType.StartArray));
                    break;
                case JsonTokenType.PropertyName:
                    open.Peek().Name = reader.GetString();
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    Complete(open);
                    break;
                default:
                    Complete(open);
                    break;
            }
        }
        return open.Reverse().Aggregate("$", (path, level) => level.Extend(path));
    }

    private static void Complete(Stack<Level> open)
    {
        if (!open.TryPeek(out var level))
            return;
        level.Items++;
        level.Name = null;
    }

    private sealed class Level(bool isArray)
    {
        public int Items { get; set; }

        public string? Name { get; set; }

        public string Extend(string path)
        {
            if (isArray)
                return string.Create(CultureInfo.InvariantCulture, $"{path}[{Items}]");
            return Name is null ? path : JsonDifference.Member(path, Name);
        }
    }
}
