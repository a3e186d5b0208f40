using System.Reflection;
using System.Text.Json;
using Larder.Recordings.Proxies;

namespace Larder.Recordings;

/// <summary>One call, as the explicit core takes it: of which deployment, which method, with which arguments.</summary>
/// <remarks>Make one for each call; it may be read by several threads once its arguments are there.</remarks>
public sealed class RecordedCall
{
    private readonly List<CallArgument> _arguments = [];

    /// <summary>A call without arguments yet.</summary>
    /// <param name="deployment">What answers it.</param>
    /// <param name="method">The method's name, 1 to 200 characters.</param>
    public RecordedCall(Deployment deployment, string method)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentException.ThrowIfNullOrEmpty(method);
        Deployment = deployment;
        Method = method;
    }

    /// <summary>What answers the call.</summary>
    public Deployment Deployment { get; }

    /// <summary>The method's name.</summary>
    public string Method { get; }

    /// <summary>Whether the recording of a stream tells when each item came; false.</summary>
    public bool Timing { get; init; }

    /// <summary>The type arguments of a generic method; none.</summary>
    public IReadOnlyList<Type> TypeArguments { get; init; } = [];

    internal IReadOnlyList<CallArgument> Arguments => _arguments;

    /// <summary>The assemblies whose exceptions come back as themselves; null for that of what makes the call.</summary>
    internal IReadOnlyCollection<Assembly>? Known { get; init; }

    /// <summary>What counts of an answer, or of an item of a stream, when two are compared; null for all of it.</summary>
    internal Func<JsonElement, JsonElement>? Compared { get; init; }

    /// <summary>The service that answers, made before the call; null when the call itself sees to it.</summary>
    /// <remarks>One that cannot be made has answered nothing: its failure is not recorded.</remarks>
    internal ServiceSource? Source { get; init; }

    /// <summary>Makes the call anew of what its arguments were made of; null when they are the service's own.</summary>
    internal Func<RecordedCall>? Again { get; init; }

    /// <summary>Adds an argument.</summary>
    /// <typeparam name="T">What it is declared as.</typeparam>
    /// <param name="name">Its name; no other argument of the call has it.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ArgumentException">There is an argument of that name.</exception>
    public RecordedCall With<T>(string name, T value) => With(name, value, typeof(T));

    internal RecordedCall With(string name, object? value, Type declared)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (_arguments.Any(argument => argument.Name == name))
            throw new ArgumentException($"The call of {Method} has an argument '{name}' already.", nameof(name));
        _arguments.Add(new CallArgument(name, value, declared));
        return this;
    }
}
