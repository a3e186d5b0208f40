using System.Text.Json;

namespace Larder.Workers.Protocol;

/// <summary>A line that answers a request: with outputs, with an error, or a pong with neither.</summary>
/// <param name="Id">The request's.</param>
/// <param name="Outputs">The outputs, an object of at least one member.</param>
/// <param name="Error">What keeps the worker from answering.</param>
/// <param name="Faults">What is wrong with the inputs; none when the error is another.</param>
internal sealed record WorkerAnswer(
    long Id,
    JsonElement? Outputs,
    string? Error = null,
    IReadOnlyList<WorkerInputFault>? Faults = null
)
{
    /// <summary>Reads a line.</summary>
    /// <exception cref="ProtocolException">It is no answer.</exception>
    public static WorkerAnswer Parse(ReadOnlySpan<byte> line)
    {
        var answer = WireDocument.Parse(line);
        if (!answer.TryGetProperty("id", out var id) || !id.IsNumber() || !id.TryGetInt64(out var number))
            throw new ProtocolException($"it wrote a line without the id of a request: {WireDocument.Shown(line)}");
        if (answer.TryGetProperty("outputs", out var outputs))
        {
            if (outputs.ValueKind is not JsonValueKind.Object || !outputs.EnumerateObject().Any())
                throw new ProtocolException(
                    $"its 'outputs' are no object of at least one member: {WireDocument.Shown(line)}"
                );
            return new WorkerAnswer(number, outputs);
        }
        if (answer.TryGetProperty("error", out var error))
            return new WorkerAnswer(number, null, MessageOf(error, line), FaultsOf(error));
        if (answer.TryGetProperty("pong", out _))
            return new WorkerAnswer(number, null);
        throw new ProtocolException(
            $"it wrote a line with neither 'outputs' nor 'error' nor 'pong': {WireDocument.Shown(line)}"
        );
    }

    private static string MessageOf(JsonElement error, ReadOnlySpan<byte> line) =>
        WireDocument.TextOf(error, "message")
        ?? throw new ProtocolException($"its 'error' has no 'message': {WireDocument.Shown(line)}");

    private static List<WorkerInputFault> FaultsOf(JsonElement error)
    {
        var faults = new List<WorkerInputFault>();
        if (error.TryGetProperty("inputs", out var inputs) && inputs.ValueKind is JsonValueKind.Array)
        {
            foreach (var fault in inputs.EnumerateArray().Take(WireLimits.MaxFaults))
                faults.Add(
                    new WorkerInputFault(
                        WireDocument.TextOf(fault, "path") ?? "inputs",
                        WireDocument.TextOf(fault, "message") ?? "It does not fit."
                    )
                );
        }
        return faults;
    }
}
