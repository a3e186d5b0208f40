using PolicySimulator.Traces;

namespace PolicySimulator.Replacement;

/// <summary>Decides which models make place, and is told all that happens meanwhile.</summary>
internal interface IReplacement
{
    /// <summary>The model of the request was there, and was used.</summary>
    void Hit(Request request);

    /// <summary>The model of the request has been loaded, and was used.</summary>
    void Load(Request request);

    /// <summary>Takes out one model or more for bytes that the request's model needs; asked again until there is room.</summary>
    IReadOnlyList<int> Evict(Request request, long missingBytes);
}
