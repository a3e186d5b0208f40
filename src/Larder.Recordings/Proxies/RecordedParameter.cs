using System.Reflection;
using Larder.Recordings.Requests;

namespace Larder.Recordings.Proxies;

/// <summary>A parameter of a recorded method, as requests see it.</summary>
internal sealed class RecordedParameter
{
    private readonly IRequestNormalizer? _normalizer;

    public RecordedParameter(ParameterInfo parameter, TestCacheAttribute attribute)
    {
        Name = parameter.Name!;
        Type = parameter.ParameterType;
        Counts =
            !RequestForms.IsLeftOut(Type)
            && !parameter.IsDefined(typeof(NotRecordedAttribute))
            && !attribute.Ignore.Contains(Name, StringComparer.Ordinal);
        if (parameter.GetCustomAttribute<NormalizedByAttribute>() is { } normalized)
            _normalizer = Make(normalized.Normalizer, parameter);
    }

    public string Name { get; }

    public Type Type { get; }

    /// <summary>Whether the answer depends on it.</summary>
    public bool Counts { get; }

    public void AddTo(RecordedCall call, object? value)
    {
        // Declared as the parameter is: of two types with the same members, the request names the one that it is not.
        call.With(Name, _normalizer is null ? value : _normalizer.Normalize(value), Type);
    }

    private static IRequestNormalizer Make(Type type, ParameterInfo parameter) =>
        typeof(IRequestNormalizer).IsAssignableFrom(type) && type.GetConstructor([]) is not null
            ? (IRequestNormalizer)Activator.CreateInstance(type)!
            : throw new NotRecordableException(
                $"The parameter '{parameter.Name}' of {parameter.Member.DeclaringType?.Name}.{parameter.Member.Name} is normalised by {type}, which is no {nameof(IRequestNormalizer)} with a public constructor without parameters.",
                parameter.Member.Name
            );
}
