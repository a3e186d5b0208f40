using System.Globalization;
using System.Text.Json;

namespace Larder.Onnx.Json;

/// <summary>Reads requests with several instances, each an object of inputs.</summary>
internal static class InstanceReader
{
    public const string Root = "instances";

    /// <summary>The inputs of each instance of <c>{"instances": [{name: value}, …]}</c>.</summary>
    /// <exception cref="InvalidInputsException">Something does not fit; it tells of each instance what does not, up to <see cref="FaultList.Max"/> faults.</exception>
    public static IReadOnlyList<IReadOnlyDictionary<string, Tensor>> Read(
        JsonElement request,
        IReadOnlyList<TensorSpec> specs
    )
    {
        var faults = new FaultList();
        var read = new List<IReadOnlyDictionary<string, Tensor>>();
        if (
            request.ValueKind != JsonValueKind.Object
            || !request.TryGetProperty(Root, out var instances)
            || instances.ValueKind != JsonValueKind.Array
        )
        {
            faults.Add(Root, "The request must be an object with an array of instances, each an object of inputs.");
            throw new InvalidInputsException(faults.ToList());
        }
        var place = 0;
        foreach (var instance in instances.EnumerateArray())
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{Root}[{place++}]");
            try
            {
                read.Add(new InputReader(specs).ReadObject(instance));
            }
            catch (InvalidInputsException wrong)
            {
                faults.AddRange(wrong.Faults.Select(fault => fault with { Path = PathIn(path, fault.Path) }));
                // A body may have millions of wrong ones, each of which costs an exception.
                if (faults.IsFull)
                {
                    faults.Cut();
                    break;
                }
            }
        }
        return faults.Count == 0 ? read : throw new InvalidInputsException(faults.ToList());
    }

    // inputs.rooms of the third instance is instances[2].rooms.
    private static string PathIn(string instance, string path) =>
        path.StartsWith(InputFaults.Root, StringComparison.Ordinal) ? instance + path[InputFaults.Root.Length..] : path;
}
