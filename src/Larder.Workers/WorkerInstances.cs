using System.Globalization;
using System.Text.Json;
using Larder.Workers.Protocol;

namespace Larder.Workers;

/// <summary>Reads requests with several instances, each an object of inputs.</summary>
internal static class WorkerInstances
{
    private const string Root = "instances";

    /// <summary>The inputs of each instance of <c>{"instances": [{name: value}, …]}</c>.</summary>
    /// <exception cref="InvalidWorkerInputsException">It is no such request; it tells the instances that are no objects, the first of them.</exception>
    public static IReadOnlyList<JsonElement> Read(JsonElement body)
    {
        if (
            body.ValueKind is not JsonValueKind.Object
            || !body.TryGetProperty(Root, out var instances)
            || instances.ValueKind is not JsonValueKind.Array
        )
            throw new InvalidWorkerInputsException([
                new WorkerInputFault(
                    Root,
                    "The request must be an object with an array of instances, each an object of inputs."
                ),
            ]);
        var wrong = instances
            .EnumerateArray()
            .Index()
            .Where(instance => instance.Item.ValueKind is not JsonValueKind.Object)
            .Select(instance => new WorkerInputFault(
                string.Create(CultureInfo.InvariantCulture, $"{Root}[{instance.Index}]"),
                "An instance is an object of inputs, such as {\"rooms\": 3}."
            ));
        // Looked for no further: a body may have millions, and one who reads them mends the first.
        var faults = wrong.Take(WireLimits.MaxFaults + 1).ToList();
        if (faults.Count == 0)
            return [.. instances.EnumerateArray()];
        if (faults.Count > WireLimits.MaxFaults)
            faults[^1] = new WorkerInputFault(Root, "There are more faults.");
        throw new InvalidWorkerInputsException(faults);
    }
}
