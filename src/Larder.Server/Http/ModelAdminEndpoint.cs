using System.Text.Json;
using Larder.Content;
using Larder.Pull;
using Larder.Server.Models;
using Larder.Server.Runtimes;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Http;

/// <summary><c>POST /api/models/{id}/warm</c>, <c>/pin</c>, <c>/unpin</c> and <c>/refresh</c>: each may be sent again.</summary>
internal sealed class ModelAdminEndpoint(
    ModelCatalog catalog,
    ModelRuntimes runtimes,
    ModelRenewals renewals,
    ModelCache files,
    TimeProvider timeProvider
)
{
    /// <summary>Pulls and loads a model, as a prediction would; with <c>?files_only=true</c> it pulls.</summary>
    public async Task WarmAsync(HttpContext context)
    {
        if (await FindAsync(context) is not { } standing)
            return;
        if (context.Request.Query.TryGetValue("files_only", out var text))
        {
            if (!bool.TryParse(text, out var filesOnly))
            {
                await ProblemWriter.WriteAsync(context, Problems.InvalidQuery("files_only", "true or false"));
                return;
            }
            if (filesOnly)
            {
                await PullAsync(context, standing);
                return;
            }
        }
        var load = await runtimes.WarmAsync(standing.Settings, context.RequestAborted);
        await JsonResponse.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                WriteFacts(json, standing, "loaded", load.Version, load.FilesFromCache, load.Files, load);
                WriteSeconds(json, load.FilesTime, load.LoadTime);
                json.WriteEndObject();
            }
        );
    }

    /// <summary>Asks the model's origin now; a new version is loaded beside the old one, where that is loaded, and then answers.</summary>
    public async Task RefreshAsync(HttpContext context)
    {
        if (await FindAsync(context) is not { } standing)
            return;
        var renewal = await renewals.RenewAsync(standing, always: true, context.RequestAborted);
        await JsonResponse.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                WriteFacts(
                    json,
                    standing,
                    runtimes.IsLoaded(renewal.Version.Model) ? "loaded" : "stored",
                    renewal.Version.Version,
                    renewal.FilesFromCache,
                    renewal.Files,
                    renewal.Load
                );
                json.WriteString("previous_version", renewal.Before?.Version.ToString());
                json.WriteBoolean("changed", renewal.Before is not null);
                WriteSeconds(json, renewal.FilesTime, renewal.Load?.LoadTime ?? TimeSpan.Zero);
                json.WriteEndObject();
            }
        );
    }

    /// <summary>Keeps the files of a model, and the version that they are of, until they are unpinned.</summary>
    public async Task PinAsync(HttpContext context)
    {
        if (await FindAsync(context) is not { } standing)
            return;
        var (from, pull) = (standing.Settings.From, standing.Settings.Pull);
        if (files.Find(from, pull) is not { InLowerStore: false } stored)
        {
            await ProblemWriter.WriteAsync(context, Problems.NothingToPin(standing.Settings.Id));
            return;
        }
        try
        {
            await files.PinAsync(from, pull, context.RequestAborted);
        }
        catch (NotCachedException)
        {
            // It went between the look and the pin.
            await ProblemWriter.WriteAsync(context, Problems.NothingToPin(standing.Settings.Id));
            return;
        }
        await WritePinAsync(context, standing, isPinned: true, isChanged: !stored.Pinned);
    }

    /// <summary>Lets the files of a model be evicted again.</summary>
    public async Task UnpinAsync(HttpContext context)
    {
        if (await FindAsync(context) is not { } standing)
            return;
        var isChanged = files.Unpin(standing.Settings.From, standing.Settings.Pull);
        await WritePinAsync(context, standing, isPinned: false, isChanged);
    }

    private async Task PullAsync(HttpContext context, ModelStanding standing)
    {
        var start = timeProvider.GetTimestamp();
        using var pulled = await files.PullAsync(
            standing.Settings.From,
            standing.Settings.Pull,
            context.RequestAborted
        );
        await JsonResponse.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                WriteFacts(json, standing, "stored", pulled.Digest, pulled.FromCache, pulled.Outcome, load: null);
                WriteSeconds(json, timeProvider.GetElapsedTime(start), TimeSpan.Zero);
                json.WriteEndObject();
            }
        );
    }

    /// <summary>The model of the route; null when there is none and that has been answered.</summary>
    private async Task<ModelStanding?> FindAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        var standing = catalog.Find(id);
        if (standing is null)
            await ProblemWriter.WriteAsync(context, Problems.UnknownModel(id));
        return standing;
    }

    private static Task WritePinAsync(HttpContext context, ModelStanding standing, bool isPinned, bool isChanged) =>
        JsonResponse.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("model_id", standing.Settings.Id);
                json.WriteBoolean("pinned", isPinned);
                json.WriteBoolean("changed", isChanged);
                json.WriteEndObject();
            }
        );

    private static void WriteFacts(
        Utf8JsonWriter json,
        ModelStanding standing,
        string state,
        Digest version,
        bool fromCache,
        PullOutcome outcome,
        ModelLoad? load
    )
    {
        json.WriteString("model_id", standing.Settings.Id);
        json.WriteString("state", state);
        json.WriteString("model_version", version.ToString());
        json.WriteBoolean("from_cache", fromCache);
        json.WriteStartObject("cache");
        json.WriteString("files", outcome.ToString().ToLowerInvariant());
        if (load is null)
            json.WriteNull("graph");
        else
            json.WriteString("graph", load.GraphFromCache ? "hit" : "miss");
        json.WriteEndObject();
    }

    private static void WriteSeconds(Utf8JsonWriter json, TimeSpan files, TimeSpan load)
    {
        json.WriteStartObject("seconds");
        json.WriteNumber("files", Math.Round(files.TotalSeconds, 7));
        json.WriteNumber("load", Math.Round(load.TotalSeconds, 7));
        json.WriteNumber("total", Math.Round((files + load).TotalSeconds, 7));
        json.WriteEndObject();
    }
}
