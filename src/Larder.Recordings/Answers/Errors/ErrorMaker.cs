namespace Larder.Recordings.Answers.Errors;

/// <summary>Makes an exception of one type; null where what was recorded does not suffice.</summary>
/// <param name="message">The message to give it.</param>
/// <param name="document">What was recorded.</param>
/// <param name="inner">Its inner exceptions, made already.</param>
internal delegate Exception? ErrorMaker(string message, ErrorDocument document, IReadOnlyList<Exception> inner);
