using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Options;

namespace Larder.Server.Access;

/// <summary>The names that the server answers to, apart from those of an application that it is a part of.</summary>
internal sealed class FixedHosts(IReadOnlyList<string> names) : IOptionsMonitor<HostFilteringOptions>
{
    public HostFilteringOptions CurrentValue { get; } =
        new()
        {
            AllowedHosts = [.. names],
            IncludeFailureMessage = false, // The middleware outside it writes a problem document.
        };

    public HostFilteringOptions Get(string? name) => CurrentValue;

    public IDisposable? OnChange(Action<HostFilteringOptions, string?> listener) => null;
}
