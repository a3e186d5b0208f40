using Larder.Server.Access;
using Larder.Server.Dashboard.Clearing;
using Larder.Server.Dashboard.Components;
using Larder.Server.Dashboard.Views;
using Larder.Server.Dashboard.Work;
using Larder.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Dashboard.Pages;

/// <summary>What the buttons do: <c>POST /dashboard/actions</c>, <c>GET</c> and <c>POST /dashboard/clear</c>.</summary>
internal sealed class ActionEndpoint(
    ActionForm forms,
    FormTokens tokens,
    ModelActions actions,
    ClearPlanner planner,
    Jobs jobs,
    SnapshotSource source,
    PageRenderer renderer,
    TimeProvider timeProvider
)
{
    /// <summary>How long an answer waits for what was begun: most of it is done by then, and the page shows it done.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Begins what a button stands for, and leads back to the page.</summary>
    public async Task PostActionAsync(HttpContext context)
    {
        if (await ReadOursAsync(context) is not { } form)
            return;
        var verb = form["action"].ToString();
        if (forms.FindTarget(form["model"], form["entry"]) is not { } target)
        {
            await WriteGoneAsync(context);
            return;
        }
        var work = target switch
        {
            { Model: { } model } => actions.Find(verb, model),
            { Entry: { } entry } => actions.Find(verb, entry),
            _ => verb == ModelActions.Verify ? actions.VerifyAllAsync : null,
        };
        if (work is null)
        {
            await WriteMessageAsync(
                context,
                StatusCodes.Status400BadRequest,
                "There is no such action",
                "The form asked for something that this server does not do. Go back to the dashboard and try again."
            );
            return;
        }
        AuditTarget.Set(context, $"{verb} {target.Name}");
        await LeadBackAsync(context, form, jobs.Start(verb, target.Name, target.Key, ForgettingAfter(work)));
    }

    /// <summary>Asks before something is cleared, and says what that will do.</summary>
    public async Task GetClearAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (forms.FindTarget(query["model"], query["entry"]) is not { } target)
            await WriteGoneAsync(context);
        else
            await AskAsync(context, await planner.PlanAsync(target, context.RequestAborted), hasChanged: false);
    }

    /// <summary>Clears what the reader of that page agreed to; asks again where it has become more.</summary>
    public async Task PostClearAsync(HttpContext context)
    {
        if (await ReadOursAsync(context) is not { } form)
            return;
        if (forms.FindTarget(form["model"], form["entry"]) is not { } target)
        {
            await WriteGoneAsync(context);
            return;
        }
        var plan = await planner.PlanAsync(target, context.RequestAborted);
        if (
            !long.TryParse(form["entries"], out var entries)
            || !long.TryParse(form["bytes"], out var bytes)
            || plan.Preview.Removed.Count > entries
            || plan.Preview.FreedBytes > bytes
        )
        {
            await AskAsync(context, plan, hasChanged: true);
            return;
        }
        AuditTarget.Set(context, $"clear {target.Name}");
        var job = jobs.Start(
            "clear",
            target.Name,
            target.Key,
            ForgettingAfter(async (_, token) => ClearWording.Tell(await planner.ClearAsync(target, token)))
        );
        await LeadBackAsync(context, form, job);
    }

    private Func<IProgress<Transfer.TransferProgress>, CancellationToken, Task<string>> ForgettingAfter(
        Func<IProgress<Transfer.TransferProgress>, CancellationToken, Task<string>> work
    ) =>
        async (progress, token) =>
        {
            try
            {
                return await work(progress, token);
            }
            finally
            {
                source.Forget();
            }
        };

    private async Task<IFormCollection?> ReadOursAsync(HttpContext context)
    {
        var form = await RequestForm.ReadAsync(context);
        if (form is not null && tokens.IsOurs(context, context.Caller()!, form[FormTokens.Field]))
            return form;
        await WriteMessageAsync(
            context,
            StatusCodes.Status403Forbidden,
            "This form cannot be used any more",
            "It comes from a page that was made long ago, before the server started, for somebody else, or by another site. Nothing was done. Go back to the dashboard and try again."
        );
        return null;
    }

    private async Task LeadBackAsync(HttpContext context, IFormCollection form, Job job)
    {
        try
        {
            await job.Work.WaitAsync(Patience, timeProvider, context.RequestAborted);
        }
        catch (TimeoutException)
        {
            // It goes on, and the page shows how far it is.
        }
        // What was seen is seen again: the search, the pages.
        var back = form["back"].ToString();
        var query = PageQuery.Of(
            new QueryCollection(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(back))
        ) with
        {
            Job = job.Status.Id,
        };
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = query.AddressOf(context.Request.PathBase.ToUriComponent() + "/");
    }

    private Task AskAsync(HttpContext context, ClearPlan plan, bool hasChanged)
    {
        var caller = context.Caller()!;
        return renderer.WriteAsync<ClearPage, ClearView>(
            context,
            new ClearView(plan, caller, tokens.Create(caller), hasChanged),
            hasChanged ? StatusCodes.Status409Conflict : StatusCodes.Status200OK
        );
    }

    private Task WriteGoneAsync(HttpContext context) =>
        WriteMessageAsync(
            context,
            StatusCodes.Status404NotFound,
            "It is not there any more",
            "What the button was for has been removed meanwhile. Nothing was done."
        );

    private Task WriteMessageAsync(HttpContext context, int status, string title, string message) =>
        renderer.WriteAsync<MessagePage, MessageView>(
            context,
            new MessageView(title, message, context.Caller()!),
            status
        );
}
