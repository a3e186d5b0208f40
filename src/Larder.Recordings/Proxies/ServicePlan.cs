using System.Collections.Concurrent;
using System.Reflection;
using Larder.Recordings.Answers;

namespace Larder.Recordings.Proxies;

/// <summary>What becomes of each method of a service: found out, and refused, when it is wrapped.</summary>
internal sealed class ServicePlan
{
    private readonly ConcurrentDictionary<MethodInfo, MethodPlan> _plans = new();
    private readonly Type? _service;

    private ServicePlan(Type? service) => _service = service;

    /// <summary>The plan of a service.</summary>
    /// <param name="contract">The interface.</param>
    /// <param name="service">The class behind it; null when nobody knows.</param>
    /// <param name="answers">Refuses types of answers.</param>
    /// <exception cref="NotRecordableException">A marked method cannot be recorded.</exception>
    /// <exception cref="RecordingException">No method is marked.</exception>
    public static ServicePlan Of(Type contract, Type? service, AnswerForms answers)
    {
        if (!contract.IsInterface)
            throw new ArgumentException(
                $"{contract} is no interface: name the interface whose methods are recorded.",
                nameof(contract)
            );
        var plan = new ServicePlan(service);
        var shapes = new Dictionary<string, MethodInfo>(StringComparer.Ordinal);
        foreach (var method in MethodsOf(contract))
        {
            if (plan.IsNotNeeded(method))
                RequireNoAnswer(method);
            if (plan.MarkOf(method) is not { } attribute)
                continue;
            var shape = new RecordableMethod(method, attribute).Check(service, answers);
            if (!shapes.TryAdd(shape, method))
                throw new NotRecordableException(
                    $"{contract.Name} has two methods {method.Name} whose parameters have the same names: {shapes[shape]} and {method}. Their requests would be one: give one of them a name of its own, [TestCache(Name = \"…\")].",
                    $"{contract.Name}.{method.Name}"
                );
        }
        return shapes.Count > 0
            ? plan
            : throw new RecordingException(
                $"{contract.Name} has no method that is marked [TestCache]{(service is null ? "" : $", and neither has {service.Name}")}: mark those whose answers are to be recorded."
            );
    }

    /// <summary>The plan of a method as it was called.</summary>
    public MethodPlan For(MethodInfo method) => _plans.GetOrAdd(method, PlanOf);

    private static IEnumerable<MethodInfo> MethodsOf(Type contract) =>
        contract
            .GetInterfaces()
            .Append(contract)
            .Where(type => type != typeof(IDisposable) && type != typeof(IAsyncDisposable))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance));

    private static void RequireNoAnswer(MethodInfo method)
    {
        var returned = method.ReturnType;
        if (returned != typeof(void) && returned != typeof(Task) && returned != typeof(ValueTask))
            throw new NotRecordableException(
                $"{method.DeclaringType!.Name}.{method.Name} is marked [NotNeededInReplay] and answers a {returned}, which nobody makes in replay: mark it [TestCache], or let it answer nothing.",
                $"{method.DeclaringType.Name}.{method.Name}"
            );
    }

    private MethodPlan PlanOf(MethodInfo method)
    {
        if (MarkOf(method) is not { } attribute)
            return new PassedMethod(method, !IsNotNeeded(method));
        var signature = new RecordedSignature(method, attribute, _service);
        var returned = method.ReturnType;
        if (returned == typeof(void))
            return new VoidMethod(method, signature);
        if (returned == typeof(Task))
            return new TaskMethod(method, signature);
        if (returned == typeof(ValueTask))
            return new ValueTaskMethod(method, signature);
        var (kind, answer) = RecordableMethod.AnswerOf(returned);
        return (MethodPlan)
            Activator.CreateInstance(
                kind.MakeGenericType(answer),
                BindingFlags.DoNotWrapExceptions | BindingFlags.Public | BindingFlags.Instance,
                binder: null,
                [method, signature],
                culture: null
            )!;
    }

    private TestCacheAttribute? MarkOf(MethodInfo method)
    {
        if (IsNotNeeded(method))
            return null;
        var mark =
            method.GetCustomAttribute<TestCacheAttribute>()
            ?? OwnOf(method)?.GetCustomAttribute<TestCacheAttribute>(inherit: true);
        // A property says what a service is, not what it answers: one is recorded only when it is marked itself.
        if (mark is not null || method.IsSpecialName)
            return mark;
        return method.DeclaringType!.GetCustomAttribute<TestCacheAttribute>()
            ?? _service?.GetCustomAttribute<TestCacheAttribute>(inherit: true);
    }

    private bool IsNotNeeded(MethodInfo method) =>
        method.IsDefined(typeof(NotNeededInReplayAttribute))
        || OwnOf(method)?.IsDefined(typeof(NotNeededInReplayAttribute), inherit: true) == true;

    // The class's method behind the interface's, also where a base class has it.
    private MethodInfo? OwnOf(MethodInfo method)
    {
        var contract = method.DeclaringType!;
        if (_service is null || !contract.IsAssignableFrom(_service) || _service.IsArray)
            return null;
        var map = _service.GetInterfaceMap(contract);
        var called = method.IsGenericMethod ? method.GetGenericMethodDefinition() : method;
        var index = Array.IndexOf(map.InterfaceMethods, called);
        return index < 0 ? null : map.TargetMethods[index];
    }
}
