namespace Larder.Content.Requests;

/// <summary>Makes the failure that tells whoever gave a value that it cannot be part of a request.</summary>
/// <param name="path">Where, such as <c>$.loras[2].strength</c>.</param>
/// <param name="message">What is wrong and what to do, as a sentence.</param>
/// <param name="innerException">What it was found by.</param>
internal delegate Exception RequestFault(string path, string message, Exception? innerException);
