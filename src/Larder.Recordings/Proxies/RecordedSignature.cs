using System.Reflection;
using Larder.Recordings.Requests;

namespace Larder.Recordings.Proxies;

/// <summary>How calls of a method become requests.</summary>
internal sealed class RecordedSignature
{
    private readonly RecordedParameter[] _parameters;
    private readonly string _name;
    private readonly bool _hasTiming;
    private readonly int _token;
    private readonly Assembly[] _known;

    // One class may answer for several of one generic interface.
    private readonly Type[] _ofContract;

    /// <summary>Of a method.</summary>
    /// <param name="method">The method.</param>
    /// <param name="attribute">What it is marked with.</param>
    /// <param name="service">The class that has it; null when nobody knows.</param>
    public RecordedSignature(MethodInfo method, TestCacheAttribute attribute, Type? service)
    {
        _parameters = [.. method.GetParameters().Select(parameter => new RecordedParameter(parameter, attribute))];
        _name = attribute.Name ?? method.Name;
        _hasTiming = attribute.Timing;
        _ofContract = method.DeclaringType!.GetGenericArguments();
        _token = Array.FindLastIndex(_parameters, parameter => parameter.Type == typeof(CancellationToken));
        _known = [.. new[] { method.DeclaringType.Assembly, service?.Assembly }.OfType<Assembly>().Distinct()];
        if (
            attribute.Ignore.Except(_parameters.Select(parameter => parameter.Name), StringComparer.Ordinal).ToArray()
            is [var unknown, ..]
        )
            throw new NotRecordableException(
                $"{method.DeclaringType.Name}.{method.Name} is marked to ignore '{unknown}', and has no parameter of that name.",
                method.Name
            );
    }

    /// <summary>What tells this method's requests from those of another.</summary>
    public string Shape =>
        $"{_name}<{string.Join(',', _ofContract.Select(type => type.ToString()))}>({string.Join(',', _parameters.Where(parameter => parameter.Counts).Select(parameter => parameter.Name).Order(StringComparer.Ordinal))})";

    public RecordedCall CallOf(Deployment deployment, ServiceSource source, MethodInfo method, object?[] arguments)
    {
        var call = new RecordedCall(deployment, _name)
        {
            Timing = _hasTiming,
            TypeArguments = method.IsGenericMethod ? [.. _ofContract, .. method.GetGenericArguments()] : _ofContract,
            Source = source,
            Known = _known,
        };
        for (var i = 0; i < _parameters.Length; i++)
        {
            if (_parameters[i].Counts)
                _parameters[i].AddTo(call, arguments[i]);
        }
        return call;
    }

    public void MakeRereadable(object?[] arguments)
    {
        for (var i = 0; i < _parameters.Length; i++)
        {
            if (_parameters[i].Counts)
                arguments[i] = RequestForms.Rereadable(arguments[i]);
        }
    }

    public CancellationToken TokenOf(object?[] arguments) =>
        _token < 0 ? CancellationToken.None : (CancellationToken)arguments[_token]!;

    /// <summary>The arguments with that token in the place of theirs.</summary>
    public object?[] WithToken(object?[] arguments, CancellationToken token)
    {
        if (_token < 0)
            return arguments;
        object?[] changed = [.. arguments];
        changed[_token] = token;
        return changed;
    }
}
