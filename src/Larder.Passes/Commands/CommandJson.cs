using System.Text.Json.Serialization;

namespace Larder.Passes.Commands;

/// <summary>How the options of commands are read and written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CommandPassOptions))]
[JsonSerializable(typeof(CommandEvaluationOptions))]
internal sealed partial class CommandJson : JsonSerializerContext;
