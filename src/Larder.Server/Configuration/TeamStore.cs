using Larder.Passes;
using Larder.Sharing;

namespace Larder.Server.Configuration;

/// <summary>The store that a team shares.</summary>
/// <param name="Url">Where it is: <c>file:///directory</c>, <c>s3://bucket/prefix</c> or <c>az://account/container/prefix</c>.</param>
/// <param name="Options">How it is used.</param>
public sealed record TeamStore(string Url, SharedCacheOptions Options)
{
    /// <summary>Where the storage account of an <c>az://</c> address is; null for what <c>origins.azure</c> says.</summary>
    public Uri? AccountUrl { get; init; }

    /// <summary>The store as a workflow names it; null where that wants none.</summary>
    /// <param name="sharing">What the workflow says.</param>
    /// <param name="configured">The configuration's store, whose settings hold for what the workflow leaves open; null.</param>
    public static TeamStore? Of(WorkflowSharing sharing, TeamStore? configured)
    {
        ArgumentNullException.ThrowIfNull(sharing);
        if (sharing.IsOff)
            return null;
        var options = configured?.Options ?? new SharedCacheOptions();
        return new TeamStore(
            sharing.Url,
            options with
            {
                Read = sharing.Read,
                Write = sharing.Write,
                Namespace = sharing.Namespace ?? options.Namespace,
            }
        )
        {
            AccountUrl = sharing.AccountUrl,
        };
    }
}
