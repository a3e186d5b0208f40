namespace Larder.Content;

/// <summary>A JSON document has no canonical form, or is not the request that a key needs.</summary>
public sealed class InvalidDocumentException : LarderException
{
    /// <summary>Creates the failure from the place in the document and what is wrong there.</summary>
    /// <param name="path">Where, as a JSON path: <c>$.inputs[2]</c>.</param>
    /// <param name="problem">What is wrong and what to do, without a full stop.</param>
    /// <param name="innerException">The parser's own error, if there is one.</param>
    public InvalidDocumentException(string path, string problem, Exception? innerException = null)
        : base($"The JSON document is refused at {path}: {problem}.", innerException) => Path = path;

    /// <summary>Where in the document, as a JSON path: <c>$.inputs[2]</c>.</summary>
    public string Path { get; }
}
