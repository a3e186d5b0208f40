using Larder.Server.Hosting;
using Microsoft.Extensions.Hosting;

namespace Larder.Server.Tests.Page;

/// <summary>What <c>docs/service.md</c> shows besides its samples, compiled.</summary>
internal static class ServiceSnippets
{
    public static void Configure(IHostApplicationBuilder builder)
    {
        builder.AddLarder(larder =>
        {
            larder.Store.CapacityBytes = 20_000_000_000;
            return larder with { Scrub = larder.Scrub with { BytesPerSecond = 0 } };
        });
    }
}
