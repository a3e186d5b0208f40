using Larder.Content;

namespace Larder.Recordings.Files;

/// <summary>The attachments of an outcome that is being written.</summary>
internal sealed class Attachments : IAttachmentSource
{
    private readonly Dictionary<string, Attachment> _all = [];

    public IReadOnlyCollection<Attachment> All => _all.Values;

    /// <summary>Adds one and gives its name; equal bytes are one.</summary>
    public string Add(ReadOnlyMemory<byte> bytes, string extension)
    {
        var name = $"{Digest.Of(bytes.Span)}.{extension}";
        _all.TryAdd(name, new Attachment(name, bytes));
        return name;
    }

    public ReadOnlyMemory<byte> Read(string name) => _all[name].Bytes;
}
