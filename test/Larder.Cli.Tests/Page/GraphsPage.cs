using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Graphs;
using Larder.Graphs.Hosting;
using Larder.Graphs.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Cli.Tests.Page;

/// <summary>The snippets of <c>docs/graphs.md</c>.</summary>
internal static class GraphsPage
{
    public static async Task RentAsync(SessionOptions options, Manifest manifest, CancellationToken cancellationToken)
    {
        await using var graphs = new GraphCache(new GraphCacheOptions { MaxBytes = 48_000_000_000 });
        var sessions = new GraphKind<SessionOptions>("session", version: 1);

        var key = sessions.KeyOf(options, GraphModel.Of("model", manifest.Digest));
        await using var lease = await graphs.RentAsync(
            new GraphRequest<Session>(
                key,
                (load, token) => Session.LoadAsync(sessions.ConfigurationOf(load.Key), token)
            )
            {
                EstimatedSize = GraphSize.OfHost(manifest.SizeBytes),
            },
            cancellationToken
        );
        lease.Graph.Run();
    }

    public static EntryKey KeyOf(Manifest manifest)
    {
        var presets = new GraphKind(
            "t2v_one_stage",
            version: 1,
            new JsonObject { ["num_inference_steps"] = 30, ["guidance_scale"] = 7.5 },
            ignored: "num_keyframes"
        );
        var key = presets.KeyOf(
            new Dictionary<string, object?> { ["guidance_scale"] = 5 },
            GraphModel.Of("model", manifest.Digest)
        );
        return key;
    }

    public static void AddTo(IServiceCollection services)
    {
        services
            .AddGraphs(options => options.MaxBytes = 48_000_000_000)
            .WarmUp(provider => provider.GetRequiredService<MyModels>().Requests);
        services.AddHealthChecks().AddCheck<GraphHealthCheck>("graphs");
    }
}
