using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Larder.Graphs.Keys;

/// <summary>Names objects in memory, so that a key can say which one a graph was made of.</summary>
/// <remarks>
/// Never an address: that is given to the next object when this one is gone. A name is a number that is never used again,
/// after a random one of this process, so that names which outlive the process mean nothing to another. Nothing here keeps
/// an object alive. Safe for use by several threads at once.
/// </remarks>
public static class ObjectIdentity
{
    private const int ProcessBytes = 16;

    private static readonly string Process = RandomNumberGenerator.GetHexString(ProcessBytes * 2, lowercase: true);
    private static readonly ConditionalWeakTable<object, string> Names = [];
    private static long _last;

    /// <summary>The name of an object, the same each time until <see cref="Advance"/> gives it the next.</summary>
    /// <exception cref="ArgumentException">It is a value or a string: what is copied or shared has no identity.</exception>
    public static string Of(object instance)
    {
        RequireIdentity(instance);
        return Names.GetValue(instance, static _ => Next());
    }

    /// <summary>Gives an object that was changed in place a new name: keys made from now on differ from all before.</summary>
    /// <remarks>To be called after the change: fusing a LoRA, quantising, loading other weights.</remarks>
    /// <exception cref="ArgumentException">It is a value or a string: what is copied or shared has no identity.</exception>
    public static void Advance(object instance)
    {
        RequireIdentity(instance);
        Names.AddOrUpdate(instance, Next());
    }

    private static string Next() =>
        string.Create(CultureInfo.InvariantCulture, $"object:{Process}:{Interlocked.Increment(ref _last)}");

    private static void RequireIdentity(object instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        if (instance is string || instance.GetType().IsValueType)
            throw new ArgumentException(
                $"A {instance.GetType()} has no identity: it is copied or shared. Give the object that holds the model, or put the value into the configuration.",
                nameof(instance)
            );
    }
}
