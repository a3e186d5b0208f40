namespace Larder.Recordings;

/// <summary>Calls of this method are recorded and replayed; on a type, those of all its methods.</summary>
/// <remarks>
/// On the method of an interface, or on the method of a class that implements it. It does nothing by itself: wrap the service
/// with <see cref="Recordings.Wrap{T}(T, Deployment?)"/>, or register it with <c>services.AddRecordings(…).Record&lt;T&gt;()</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Interface | AttributeTargets.Class)]
public sealed class TestCacheAttribute : Attribute
{
    /// <summary>What the method is called in recordings; null, the default, for its own name.</summary>
    /// <remarks>Needed where two overloads have parameters of the same names.</remarks>
    public string? Name { get; set; }

    /// <summary>Names of parameters that the answer does not depend on: they are left out of requests.</summary>
    public string[] Ignore { get; set; } = [];

    /// <summary>Whether recordings of a stream tell when each item came, too; false, since each run differs.</summary>
    public bool Timing { get; set; }
}
