using System.Globalization;
using System.Text.Json;

namespace Larder.Workers;

/// <summary>Reads requests with several instances, each an object of inputs.</summary>
internal static class WorkerInstances
{
    private const string Root = "instances";

    /// <summary>The inputs of each instance of <c>{"instances": [{name: value}, …]}</c>.</summary>
    /// <exception cref="InvalidWorkerInputsException">It is no such request; it tells every instance that is no object.</exception>
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
        var all = instances.EnumerateArray().ToList();
        var faults = all.Index()
            .Where(instance => instance.Item.ValueKind is not JsonValueKind.Object)
            .Select(instance => new WorkerInputFault(
                string.Create(CultureInfo.InvariantCulture, $"{Root}[{instance.Index}]"),
                "An instance is an object of inputs, such as {\"rooms\": 3}."
            ))
            .ToList();
        return faults.Count == 0 ? all : throw new InvalidWorkerInputsException(faults);
    }
}
