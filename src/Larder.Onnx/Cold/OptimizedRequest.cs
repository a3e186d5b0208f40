using System.Text.Json.Nodes;
using Larder.Content;

namespace Larder.Onnx.Cold;

/// <summary>The request document of an optimised model: everything that decides its graph.</summary>
internal static class OptimizedRequest
{
    public const string Kind = "onnx-optimized";

    /// <summary>The key of the request for one file of a version of a model.</summary>
    /// <remarks>Threads are no part of it: they change how a graph is run, and not the graph.</remarks>
    public static EntryKey KeyOf(Digest manifest, string file, ColdFacts facts) =>
        EntryKey.Of(
            new JsonObject
            {
                ["kind"] = Kind,
                ["version"] = 1,
                ["manifest"] = manifest.ToString(),
                ["file"] = file,
                ["optimization"] = "all",
                ["provider"] = "cpu",
                ["runtime"] = new JsonObject { ["version"] = facts.RuntimeVersion, ["build"] = facts.RuntimeBuild },
                ["architecture"] = facts.Architecture,
                ["cpu"] = new JsonArray([.. facts.CpuFeatures.Select(feature => JsonValue.Create(feature))]),
            }
        );
}
