using Larder.Server.Access;
using Larder.Server.Dashboard.Components;
using Larder.Server.Dashboard.Traffic;
using Larder.Server.Dashboard.Views;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Dashboard.Pages;

/// <summary><c>GET /</c>, and <c>GET /dashboard/live</c>: the part of it that changes.</summary>
internal sealed class OverviewEndpoint(
    SnapshotSource source,
    TrafficHistory history,
    FormTokens tokens,
    PageRenderer renderer,
    TimeProvider timeProvider
)
{
    public async Task GetPageAsync(HttpContext context) =>
        await renderer.WriteAsync<OverviewPage, OverviewView>(context, await ViewAsync(context));

    public async Task GetPartAsync(HttpContext context) =>
        await renderer.WritePartAsync<Overview, OverviewView>(context, await ViewAsync(context));

    private async Task<OverviewView> ViewAsync(HttpContext context)
    {
        var caller = context.Caller()!;
        var query = PageQuery.Of(context.Request.Query);
        return new OverviewView
        {
            Server = await source.TakeAsync(context.RequestAborted),
            Query = query,
            Caller = caller,
            FormToken = tokens.Create(caller),
            Traffic = history.Read(query.Range, timeProvider.GetUtcNow()),
        };
    }
}
