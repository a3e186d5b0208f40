using Larder.Recordings.Files;

namespace Larder.Recordings.Answers;

/// <summary>The attachments of the answer that this thread is reading or writing.</summary>
/// <remarks>
/// A converter is given a reader or a writer and the options, and nothing that belongs to one call; options made for each call
/// would look at every type anew each time. Reading and writing are synchronous, so that a call stays on its thread; a form of
/// the user's that reads or writes another answer inside gets its own scope and gives the thread back with the old one.
/// </remarks>
internal readonly ref struct AttachmentScope
{
    [ThreadStatic]
    private static IAttachmentSource? _current;

    private readonly IAttachmentSource? _before;

    public AttachmentScope(IAttachmentSource attachments)
    {
        _before = _current;
        _current = attachments;
    }

    /// <summary>Where to add attachments.</summary>
    public static Attachments ToWrite =>
        _current as Attachments ?? throw new InvalidOperationException("No answer is being written on this thread.");

    /// <summary>Where to read attachments.</summary>
    public static IAttachmentSource ToRead =>
        _current ?? throw new InvalidOperationException("No answer is being read on this thread.");

    public void Dispose() => _current = _before;
}
