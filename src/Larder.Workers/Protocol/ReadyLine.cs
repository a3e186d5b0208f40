using System.Globalization;
using System.Text.Json;

namespace Larder.Workers.Protocol;

/// <summary>The first line of a worker, when it has its model loaded.</summary>
/// <param name="Name">What it calls the model.</param>
/// <param name="Inputs">What the model takes.</param>
/// <param name="Outputs">What it gives.</param>
internal sealed record ReadyLine(string? Name, IReadOnlyList<WorkerValue>? Inputs, IReadOnlyList<WorkerValue>? Outputs)
{
    /// <summary>The version of the protocol that is spoken here.</summary>
    public const int Protocol = 1;

    /// <summary>Reads a line <c>{"ready": true, "protocol": 1}</c>.</summary>
    /// <exception cref="ProtocolException">It is another.</exception>
    public static ReadyLine Parse(ReadOnlySpan<byte> line)
    {
        var ready = WireDocument.Parse(line);
        if (!ready.TryGetProperty("ready", out var isReady) || isReady.ValueKind is not JsonValueKind.True)
            throw new ProtocolException(
                $"its first line is not {{\"ready\": true, \"protocol\": {Protocol}}}: {WireDocument.Shown(line)}"
            );
        if (!ready.TryGetProperty("protocol", out var version) || !version.IsNumber() || !IsSpoken(version))
            throw new ProtocolException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"it does not speak version {Protocol} of the protocol: {WireDocument.Shown(line)}"
                )
            );
        return new ReadyLine(WireDocument.TextOf(ready, "name"), ValuesOf(ready, "inputs"), ValuesOf(ready, "outputs"));
    }

    private static bool IsSpoken(JsonElement version) => version.TryGetInt32(out var number) && number == Protocol;

    private static List<WorkerValue>? ValuesOf(JsonElement ready, string name)
    {
        if (!ready.TryGetProperty(name, out var list) || list.ValueKind is JsonValueKind.Null)
            return null;
        if (list.ValueKind is not JsonValueKind.Array || list.GetArrayLength() > WireLimits.MaxValues)
            throw new ProtocolException($"the '{name}' of its first line are no list of up to {WireLimits.MaxValues}");
        return [.. list.EnumerateArray().Select((value, index) => ValueOf(value, $"{name}[{index}]"))];
    }

    private static WorkerValue ValueOf(JsonElement value, string path)
    {
        var name = WireDocument.TextOf(value, "name");
        var type = WireDocument.TextOf(value, "type");
        if (name is null || type is null || !WorkerValue.Types.Contains(type, StringComparer.Ordinal))
            throw new ProtocolException(
                $"{path} of its first line needs a 'name' and a 'type' of {string.Join(", ", WorkerValue.Types)}"
            );
        if (!value.TryGetProperty("shape", out var shape) || shape.ValueKind is JsonValueKind.Null)
            return new WorkerValue(name, type, null);
        if (shape.ValueKind is not JsonValueKind.Array)
            throw new ProtocolException($"{path}.shape of its first line is no list");
        return new WorkerValue(name, type, [.. shape.EnumerateArray().Select(size => DimensionOf(size, path))]);
    }

    private static WorkerDimension DimensionOf(JsonElement size, string path) =>
        size.ValueKind switch
        {
            JsonValueKind.Number when size.TryGetInt64(out var number) && number >= -1 => new WorkerDimension(
                number < 0 ? null : number
            ),
            JsonValueKind.Null => new WorkerDimension(null),
            JsonValueKind.String => new WorkerDimension(null, size.GetString()),
            _ => throw new ProtocolException(
                $"{path}.shape of its first line has {size.GetRawText()}; sizes, names, null and -1 are possible"
            ),
        };
}
