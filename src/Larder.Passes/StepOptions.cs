using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Larder.Content;

namespace Larder.Passes;

/// <summary>Reads the options of a step into a type, and tells all that is wrong with them at once.</summary>
public static class StepOptions
{
    /// <summary>Reads options; what is left out has the default of the type's initialisers.</summary>
    /// <typeparam name="T">The options: a record with a settable property for each.</typeparam>
    /// <param name="step">The options as they were written.</param>
    /// <param name="type">How they are read and written, from a source-generated context with the names of the workflow.</param>
    /// <param name="validate">Tells what is wrong with options that could be read: the name of each and what to do; null.</param>
    /// <returns>The options, and all of them with their defaults as they stand in the key.</returns>
    /// <exception cref="WorkflowException">An option is unknown, missing or wrong.</exception>
    public static (T Options, JsonObject Config) Read<T>(
        StepRequest step,
        JsonTypeInfo<T> type,
        Func<T, IEnumerable<(string Name, string Message)>>? validate = null
    )
        where T : class
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(type);
        var config = Normalize(step);
        var known = type.Properties.ToDictionary(property => property.Name, StringComparer.Ordinal);
        List<WorkflowFault> faults =
        [
            .. config
                .Where(option => !known.ContainsKey(option.Key))
                .Select(option => Unknown(step, option.Key, known)),
            .. known
                .Values.Where(property => property.IsRequired && !config.ContainsKey(property.Name))
                .Select(property => new WorkflowFault(step.Path, $"'{property.Name}' is missing: add it.")),
            .. config
                .Where(option => known.ContainsKey(option.Key))
                .Select(option => Mistyped(step, option.Key, option.Value, known[option.Key], type.Options))
                .OfType<WorkflowFault>(),
            .. config
                .Where(option => known.TryGetValue(option.Key, out var property) && HasTexts(property.PropertyType))
                .SelectMany(option => Nulls($"{step.Path}.{option.Key}", option.Value)),
        ];
        if (faults.Count > 0)
            throw new WorkflowException(faults);

        var options = config.Deserialize(type)!;
        faults.AddRange(
            validate?.Invoke(options).Select(fault => new WorkflowFault($"{step.Path}.{fault.Name}", fault.Message))
                ?? []
        );
        return faults.Count > 0
            ? throw new WorkflowException(faults)
            : (options, JsonSerializer.SerializeToNode(options, type)!.AsObject());
    }

    // So that 1 and 1.0 are one number to whatever type reads it, and one key.
    private static JsonObject Normalize(StepRequest step)
    {
        try
        {
            return JsonNode.Parse(CanonicalJson.Serialize(step.Config))!.AsObject();
        }
        catch (InvalidDocumentException wrong)
        {
            throw new WorkflowException([new WorkflowFault(step.Path, wrong.Message)]);
        }
    }

    private static WorkflowFault Unknown(
        StepRequest step,
        string name,
        IReadOnlyDictionary<string, JsonPropertyInfo> known
    ) =>
        new(
            $"{step.Path}.{Printable.Escape(name)}",
            NearestName.Of(name, known.Keys) is { } nearest ? $"There is no such option. Did you mean '{nearest}'?"
                : known.Count == 0 ? "There is no such option; there are none here."
                : $"There is no such option. Known are {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}."
        );

    private static WorkflowFault? Mistyped(
        StepRequest step,
        string name,
        JsonNode? value,
        JsonPropertyInfo property,
        JsonSerializerOptions options
    )
    {
        var path = $"{step.Path}.{name}";
        if (value is null)
            return new WorkflowFault(path, "It is null: leave it out for the default.");
        try
        {
            value.Deserialize(options.GetTypeInfo(property.PropertyType));
            return null;
        }
        catch (JsonException)
        {
            return new WorkflowFault(path, $"{Shorten(value.ToJsonString())} is no {Describe(property.PropertyType)}.");
        }
    }

    // Readers of JSON take null for a text, and nobody who has a list of texts looks for it.
    private static bool HasTexts(Type type) =>
        typeof(IEnumerable<string>).IsAssignableFrom(type)
        || typeof(IEnumerable<KeyValuePair<string, string>>).IsAssignableFrom(type);

    private static IEnumerable<WorkflowFault> Nulls(string path, JsonNode? value) =>
        value switch
        {
            JsonArray list => list.Index()
                .Where(item => item.Item is null)
                .Select(item => NoText(string.Create(CultureInfo.InvariantCulture, $"{path}[{item.Index}]"))),
            JsonObject map => map.Where(member => member.Value is null)
                .Select(member => NoText($"{path}.{Printable.Escape(member.Key)}")),
            _ => [],
        };

    private static WorkflowFault NoText(string path) => new(path, "It is null; a text is expected.");

    private static string Shorten(string text) => text.Length <= 60 ? text : $"{text[..59]}…";

    private static string Describe(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(string) => "text",
            _ when type == typeof(int) || type == typeof(long) => "integer that fits",
            _ when type == typeof(double) || type == typeof(float) => "number",
            { IsEnum: true } => "value of "
                + string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)),
            _ when typeof(System.Collections.IDictionary).IsAssignableFrom(type)
                    || type.Name.Contains("Dictionary", StringComparison.Ordinal) => "object of the right kind",
            _ when typeof(System.Collections.IEnumerable).IsAssignableFrom(type) => "list of the right kind",
            _ => "value of the right kind",
        };
    }
}
