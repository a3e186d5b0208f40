namespace Larder.Content.Requests;

/// <summary>Forms of values beyond those of JSON, for requests that have such.</summary>
/// <remarks>
/// Names that forms use begin with <c>$</c>, and <see cref="NameOf"/> keeps those of callers apart from them. What is asked is
/// asked at the place where <see cref="RequestWriter"/> is.
/// </remarks>
internal interface IValueForms
{
    /// <summary>Writes a value; false, and nothing written, where it has no form here.</summary>
    /// <param name="request">Where to.</param>
    /// <param name="value">The value.</param>
    /// <param name="declared">What a reader knows of its type; null when nothing says it.</param>
    bool TryWrite(RequestWriter request, object? value, Type? declared);

    /// <summary>Writes a number that no number of JSON holds.</summary>
    void WriteNumber(RequestWriter request, string text);

    /// <summary>What stands for a text.</summary>
    /// <param name="name">The member's name; null for an item.</param>
    /// <param name="text">The text.</param>
    string TextOf(string? name, string text);

    /// <summary>What stands for a name that a caller has chosen, such as that of an item in a dictionary.</summary>
    string NameOf(string name);
}
