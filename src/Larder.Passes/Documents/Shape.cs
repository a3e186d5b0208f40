using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Content;

namespace Larder.Passes.Documents;

/// <summary>What a value in a workflow document may be: reads it strictly, and describes it to editors.</summary>
/// <remarks>One table of these is both what the reader accepts and what the published schema says, so that they cannot drift apart.</remarks>
internal abstract class Shape
{
    /// <summary>What is expected, to be read before "is expected".</summary>
    public abstract string Expected { get; }

    /// <summary>Whether a value is of this kind at all; what is wrong within it is for <see cref="Check"/>.</summary>
    public abstract bool Accepts(JsonElement value);

    /// <summary>The JSON schema of the value.</summary>
    public abstract JsonObject ToSchema();

    /// <summary>Tells all that is wrong with a value and with what is in it.</summary>
    public void Check(JsonElement value, string path, List<WorkflowFault> faults)
    {
        if (Accepts(value))
            CheckWithin(value, path, faults);
        else
            faults.Add(new WorkflowFault(path, $"It is {Describe(value)}; {Expected} is expected."));
    }

    /// <summary>The path of a member of an object.</summary>
    protected static string At(string path, string name) => $"{path}.{Printable.Escape(name)}";

    protected abstract void CheckWithin(JsonElement value, string path, List<WorkflowFault> faults);

    /// <summary>The text of a value; null and a fault when it is no Unicode.</summary>
    protected static string? TextOf(Func<string?> read, string path, List<WorkflowFault> faults)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            // An escape that is half of a surrogate pair is found only now.
            faults.Add(new WorkflowFault(path, "It has half of a surrogate pair, and is no Unicode text."));
            return null;
        }
    }

    private static string Describe(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.String => "a text",
            JsonValueKind.Number => "a number",
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => "null",
        };
}
