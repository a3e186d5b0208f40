using System.Reflection;
using Larder.Recordings.Answers;

namespace Larder.Recordings.Proxies;

/// <summary>Refuses methods that cannot be recorded, before anything is called.</summary>
internal sealed class RecordableMethod(MethodInfo method, TestCacheAttribute attribute)
{
    private string Name => $"{method.DeclaringType!.Name}.{method.Name}";

    /// <summary>Which plan a method has that returns such a type, and what it answers.</summary>
    public static (Type Plan, Type Answer) AnswerOf(Type returned)
    {
        var definition = returned.IsGenericType ? returned.GetGenericTypeDefinition() : null;
        var plan =
            definition == typeof(Task<>) ? typeof(TaskMethod<>)
            : definition == typeof(ValueTask<>) ? typeof(ValueTaskMethod<>)
            : definition == typeof(IAsyncEnumerable<>) ? typeof(StreamMethod<>)
            : null;
        return plan is null ? (typeof(SynchronousMethod<>), returned) : (plan, returned.GetGenericArguments()[0]);
    }

    /// <summary>Checks the method.</summary>
    /// <returns>What tells its requests from those of other methods.</returns>
    public string Check(Type? service, AnswerForms answers)
    {
        var signature = new RecordedSignature(method, attribute, service);
        foreach (var parameter in method.GetParameters())
            Check(parameter);
        CheckAnswer(answers);
        return signature.Shape;
    }

    private void Check(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (type.IsByRef)
            throw Refused(
                parameter,
                $"is {(parameter.IsOut ? "out" : parameter.IsIn ? "in" : "ref")}: a recording cannot tell what is written there"
            );
        if (type.IsByRefLike)
            throw Refused(parameter, $"is a {type.Name}, which lives on the stack: take a ReadOnlyMemory or an array");
        if (type.IsPointer || type.IsFunctionPointer)
            throw Refused(parameter, "is a pointer: its value says nothing");
        if (typeof(Delegate).IsAssignableFrom(type) && new RecordedParameter(parameter, attribute).Counts)
            throw Refused(
                parameter,
                "is a delegate, which is never the same twice: mark it [NotRecorded] when the answer does not depend on it"
            );
    }

    private void CheckAnswer(AnswerForms answers)
    {
        var returned = method.ReturnType;
        if (returned.IsByRef || returned.IsByRefLike || returned.IsPointer || returned.IsFunctionPointer)
            throw Refused(
                $"it returns a {(returned.IsByRef ? "reference" : returned.IsByRefLike ? returned.Name : "pointer")}, and what that points to is gone when it is replayed"
            );
        if (returned == typeof(void) || returned == typeof(Task) || returned == typeof(ValueTask))
            return;
        // What a generic method answers is known when it is called.
        if (AnswerOf(returned).Answer is { ContainsGenericParameters: false } answer)
            answers.Require(answer, Name);
    }

    private NotRecordableException Refused(ParameterInfo parameter, string reason) =>
        Refused($"its parameter '{parameter.Name}' {reason}");

    private NotRecordableException Refused(string reason) =>
        new($"{Name} cannot be recorded: {reason}. Take [TestCache] off it, or change it.", Name);
}
