using System.Text.Json.Nodes;

namespace Larder.Passes.Documents;

/// <summary>All members of a workflow document: what the reader accepts and what the schema says.</summary>
internal static class WorkflowShape
{
    public const string Schema = "$schema";
    public const string Input = "input";
    public const string Reference = "reference";
    public const string Include = "include";
    public const string Exclude = "exclude";
    public const string Digest = "digest";
    public const string Passes = "passes";
    public const string Evaluations = "evaluations";
    public const string Name = "name";
    public const string Type = "type";
    public const string Config = "config";
    public const string Of = "of";
    public const string Output = "output";
    public const string Shared = "shared";
    public const string Url = "url";
    public const string Read = "read";
    public const string Write = "write";
    public const string Namespace = "namespace";
    public const string AccountUrl = "account_url";
    public const string OliveCache = "cloud_cache_config";
    public const string OliveEnabled = "enable_cloud_cache";
    public const string OliveContainer = "container_name";
    public const string OliveUpload = "upload_to_cloud";
    public const string OliveModel = "input_model_identifier";

    /// <summary>The whole document.</summary>
    public static ObjectShape Document { get; } =
        new(
            new Member(Schema, "The address of this schema, for editors.", Text()),
            new Member(
                Input,
                "The model that the workflow begins with: a reference, or a path that begins at the workflow file.",
                new EitherShape(Text(), InputObject())
            )
            {
                IsRequired = true,
            },
            new Member(Passes, "The passes that the model goes through, one after the other.", new ListShape(Pass())),
            new Member(Evaluations, "What is measured of the models.", new ListShape(Evaluation())),
            new Member(
                Output,
                "The directory that the final model is laid out in, a path that begins at the workflow file; without it the model stays in the store.",
                Text()
            ),
            new Member(
                Shared,
                "The team's store, or false for none; without it the one of the configuration.",
                new EitherShape(new FlagShape(only: false), SharedObject())
            ),
            new Member(OliveCache, "The team's store as Olive's workflows name it, in place of 'shared'.", Olive())
        );

    /// <summary>The schema that is published in <c>docs/workflow.schema.json</c>.</summary>
    public static JsonObject ToSchema()
    {
        var schema = Document.ToSchema();
        schema.Insert(0, Schema, "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "Larder workflow");
        schema.Insert(2, "description", "A model, the passes that it goes through, and what is measured of it.");
        return schema;
    }

    private static TextShape Text() => new();

    private static TextShape StepName() =>
        new("[A-Za-z0-9][A-Za-z0-9._-]{0,63}", "1 to 64 letters, digits, '.', '_' and '-'");

    private static ObjectShape InputObject() =>
        new(
            new Member(Reference, "Where the model is.", Text()) { IsRequired = true },
            new Member(Include, "Patterns for the files that are wanted; all files when there is none.", Patterns()),
            new Member(Exclude, "Patterns for files that are not wanted.", Patterns()),
            new Member(
                Digest,
                "The version that is wanted: the digest of its manifest, as 'larder pull' prints it.",
                new TextShape("[0-9a-f]{64}", "64 lower-case hexadecimal digits")
            )
        );

    private static ListShape Patterns() => new(Text());

    private static ObjectShape Pass() =>
        new(
            new Member(Type, "The kind of pass, such as onnx-quantize or command.", StepName()) { IsRequired = true },
            new Member(Name, "What it is called in this workflow; its type.", StepName()),
            new Member(Config, "Its options.", new FreeShape()) { Default = new JsonObject() }
        );

    private static ObjectShape Evaluation() =>
        new(
            new Member(Type, "The kind of evaluation, such as onnx-latency or command.", StepName())
            {
                IsRequired = true,
            },
            new Member(Name, "What it is called in this workflow; its type.", StepName()),
            new Member(Of, "The name of the pass whose result is measured; the last one's.", StepName()),
            new Member(Config, "Its options.", new FreeShape()) { Default = new JsonObject() }
        );

    private static ObjectShape SharedObject() =>
        new(
            new Member(
                Url,
                "Where: s3://bucket/prefix, az://account/container/prefix, file:///directory, or a path that begins at the workflow file.",
                Text()
            )
            {
                IsRequired = true,
            },
            new Member(Read, "Whether answers are looked for there.", new FlagShape()) { Default = true },
            new Member(Write, "Whether answers are published there.", new FlagShape()) { Default = true },
            new Member(
                Namespace,
                "The namespace of the entries; the configuration's.",
                new TextShape("[a-z0-9_-]{1,64}", "1 to 64 lower-case letters, digits, '-' and '_'")
            ),
            new Member(
                AccountUrl,
                "Where the storage account of an az:// address is, when it is not in Azure's public cloud.",
                Text()
            )
        );

    private static ObjectShape Olive() =>
        new(
            new Member(OliveEnabled, "False for no team's store at all.", new FlagShape()) { Default = true },
            new Member(AccountUrl, "The address of the storage account.", Text()),
            new Member(OliveContainer, "The container in it.", Text()),
            new Member(OliveUpload, "Whether answers are published there.", new FlagShape()) { Default = true },
            new Member(
                OliveModel,
                "Read over: keys begin at the version that the input resolves to.",
                new EitherShape(Text(), new NullShape())
            )
        );
}
