namespace Larder.Content.Requests;

/// <summary>How a value of a type is written into a request.</summary>
internal enum ShapeKind
{
    /// <summary>Not at all: two different values could be written alike.</summary>
    Refused,

    /// <summary>As an array, in its order.</summary>
    List,

    /// <summary>As an array, sorted.</summary>
    Set,

    /// <summary>As an object with the names that are its keys.</summary>
    Dictionary,

    /// <summary>As an object with the public properties and fields.</summary>
    Members,
}
