using Microsoft.Extensions.Options;

namespace Larder.Graphs.Hosting;

/// <summary>Tells all faults of options together.</summary>
internal sealed class GraphOptionsValidation : IValidateOptions<GraphCacheOptions>
{
    public ValidateOptionsResult Validate(string? name, GraphCacheOptions options) =>
        options.FindFaults() is { Count: > 0 } faults
            ? ValidateOptionsResult.Fail(faults)
            : ValidateOptionsResult.Success;
}
