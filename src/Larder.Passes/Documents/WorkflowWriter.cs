using System.Text.Json.Nodes;

namespace Larder.Passes.Documents;

/// <summary>Writes a workflow as a document, without what would say no more than its default.</summary>
internal static class WorkflowWriter
{
    public static JsonObject ToJson(Workflow workflow)
    {
        var document = new JsonObject { [WorkflowShape.Input] = ToJson(workflow.Input) };
        if (workflow.Passes.Count > 0)
            document[WorkflowShape.Passes] = new JsonArray([.. workflow.Passes.Select(ToJson)]);
        if (workflow.Evaluations.Count > 0)
            document[WorkflowShape.Evaluations] = new JsonArray([.. workflow.Evaluations.Select(ToJson)]);
        if (workflow.Output is { } output)
            document[WorkflowShape.Output] = output;
        if (workflow.Shared is { } shared)
            document[WorkflowShape.Shared] = ToJson(shared);
        return document;
    }

    /// <summary>The team's store.</summary>
    public static JsonNode ToJson(WorkflowSharing shared)
    {
        if (shared == WorkflowSharing.Off)
            return false;
        var json = new JsonObject { [WorkflowShape.Url] = shared.Url };
        if (!shared.Read)
            json[WorkflowShape.Read] = false;
        if (!shared.Write)
            json[WorkflowShape.Write] = false;
        if (shared.Namespace is { } name)
            json[WorkflowShape.Namespace] = name;
        if (shared.AccountUrl is { } account)
            json[WorkflowShape.AccountUrl] = account.OriginalString;
        return json;
    }

    /// <summary>A list of texts.</summary>
    public static JsonArray ToJson(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];

    private static JsonNode ToJson(WorkflowInput input)
    {
        // Of a reference to the Hub all is in its text; of others the text lacks the query.
        var reference = input.Reference.Hub is null ? input.Reference.Uri.OriginalString : input.Reference.Text;
        if (input is { Include.Count: 0, Exclude.Count: 0, Digest: null })
            return reference;
        var json = new JsonObject { [WorkflowShape.Reference] = reference };
        if (input.Include.Count > 0)
            json[WorkflowShape.Include] = ToJson(input.Include);
        if (input.Exclude.Count > 0)
            json[WorkflowShape.Exclude] = ToJson(input.Exclude);
        if (input.Digest is { } digest)
            json[WorkflowShape.Digest] = digest.ToString();
        return json;
    }

    private static JsonObject ToJson(WorkflowPass pass) => Step(pass.Name, pass.Type, of: null, pass.Config);

    private static JsonObject ToJson(WorkflowEvaluation evaluation) =>
        Step(evaluation.Name, evaluation.Type, evaluation.Of, evaluation.Config);

    private static JsonObject Step(string name, string type, string? of, JsonObject config)
    {
        var json = new JsonObject { [WorkflowShape.Type] = type };
        if (name != type)
            json[WorkflowShape.Name] = name;
        if (of is not null)
            json[WorkflowShape.Of] = of;
        if (config.Count > 0)
            json[WorkflowShape.Config] = config.DeepClone();
        return json;
    }
}
