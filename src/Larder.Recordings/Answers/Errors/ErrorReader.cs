using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;

namespace Larder.Recordings.Answers.Errors;

/// <summary>Makes exceptions of what was recorded: of .NET's by a table, of the program's own by their constructors.</summary>
/// <remarks>
/// A file chooses among exceptions that the program already offers and cannot make anything else. One that would not come back
/// with its message, properties and inner exceptions is a <see cref="RecordedException"/> instead.
/// </remarks>
internal sealed class ErrorReader(IReadOnlyList<Type> named)
{
    // Stands for the message, to see what a type of exceptions puts around it.
    private const string Probe = "\u0001message\u0001";

    private readonly ConcurrentDictionary<Assembly, Dictionary<string, Type>> _assemblies = new();

    /// <summary>Makes an exception of its document.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public Exception Read(JsonElement error, IReadOnlyCollection<Assembly> known)
    {
        var document = ErrorDocument.Read(error);
        Exception[] inner = [.. document.Inner.Select(one => Read(one, known))];
        return Rebuilt(document, inner, known)
            ?? new RecordedException(
                document.Type,
                document.Message,
                document.Details.Clone(),
                inner.Length > 1 ? new AggregateException(inner) : inner.FirstOrDefault()
            );
    }

    private Exception? Rebuilt(ErrorDocument document, Exception[] inner, IReadOnlyCollection<Assembly> known)
    {
        // What was left out would be missing.
        if (document.Details.TryGetProperty(ErrorDocument.OmittedMember, out _))
            return null;
        foreach (var make in MakersOf(document, known))
        {
            if (TryMake(make, document, inner) is { } made)
                return made;
        }
        return null;
    }

    private IEnumerable<ErrorMaker> MakersOf(ErrorDocument document, IReadOnlyCollection<Assembly> known)
    {
        if (BclErrors.Find(document.Type) is { } bcl)
            return [bcl];
        var type =
            named.FirstOrDefault(type => TypeName.Of(type) == document.Type)
            ?? known
                .Select(assembly => ErrorsIn(assembly).GetValueOrDefault(document.Type))
                .FirstOrDefault(type => type is not null);
        return type is null ? [] : OwnErrors.MakersOf(type);
    }

    private static Exception? TryMake(ErrorMaker make, ErrorDocument document, Exception[] inner)
    {
        try
        {
            var message = BareMessage(make(Probe, document, inner), document.Message);
            if (make(message, document, inner) is not { } made)
                return null;
            foreach (var (key, value) in DataIn(document))
                made.Data[key] = value;
            return IsSame(made, document, inner) ? made : null;
        }
        // A constructor that refuses, or a recorded value that it does not take.
        catch (Exception e)
            when (e
                    is TargetInvocationException
                        or JsonException
                        or ArgumentException
                        or InvalidOperationException
                        or NotSupportedException
                        or FormatException
            )
        {
            return null;
        }
    }

    // ArgumentException adds the parameter's name to its message, and others other things.
    private static string BareMessage(Exception? probe, string message)
    {
        var shown = probe?.Message ?? "";
        var at = shown.IndexOf(Probe, StringComparison.Ordinal);
        if (at < 0)
            return message;
        var before = shown[..at];
        var after = shown[(at + Probe.Length)..];
        return
            message.Length >= before.Length + after.Length
            && message.StartsWith(before, StringComparison.Ordinal)
            && message.EndsWith(after, StringComparison.Ordinal)
            ? message[before.Length..^after.Length]
            : message;
    }

    private static bool IsSame(Exception made, ErrorDocument document, Exception[] inner) =>
        made.Message == document.Message
        && JsonDifference.Find(document.Details, ErrorWriter.DetailsOf(made)) is null
        && HasInner(made, inner);

    private static IEnumerable<(string Key, object? Value)> DataIn(ErrorDocument document) =>
        document.Details.TryGetProperty(ErrorDocument.DataMember, out var data)
        && data.ValueKind == JsonValueKind.Object
            ? data.EnumerateObject().Select(member => (member.Name, Plain(member.Value)))
            : [];

    // What a number was is not recorded with data: the plainest type that holds it.
    private static object? Plain(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number when value.TryGetInt32(out var number) => number,
            JsonValueKind.Number when value.TryGetInt64(out var number) => number,
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.Array => value.EnumerateArray().Select(Plain).ToArray(),
            _ => null,
        };

    private static bool HasInner(Exception error, Exception[] inner) =>
        error is AggregateException aggregate
            ? aggregate.InnerExceptions.SequenceEqual(inner)
            : inner.Length <= 1 && error.InnerException == inner.FirstOrDefault();

    private Dictionary<string, Type> ErrorsIn(Assembly assembly) =>
        _assemblies.GetOrAdd(
            assembly,
            one =>
                TypesOf(one)
                    .Where(type =>
                        type.IsAssignableTo(typeof(Exception)) && !type.IsAbstract && !type.ContainsGenericParameters
                    )
                    .ToDictionary(TypeName.Of, StringComparer.Ordinal)
        );

    private static IEnumerable<Type> TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            // Those whose own references are there: an optional one is often missing.
            return e.Types.OfType<Type>();
        }
    }
}
