using System.Globalization;
using Larder.Onnx.Format;

namespace Larder.Onnx.Passes;

/// <summary>A file beside a model that takes the elements of tensors, one after the other.</summary>
/// <param name="path">Where it is made when the first comes.</param>
/// <param name="location">What the model calls it, relative to the model's own directory.</param>
/// <param name="alignment">The number of bytes that each begins at a multiple of, so that it can be mapped by itself.</param>
internal sealed class DataFile(string path, string location, long alignment) : IDisposable
{
    private readonly HashSet<TensorProto> _tensors = new(ReferenceEqualityComparer.Instance);

    private FileStream? _stream;

    /// <summary>Whether the elements of a tensor lie in another file than the model's, and not in this one.</summary>
    public bool IsElsewhere(TensorProto tensor) => TensorData.IsExternal(tensor) && !_tensors.Contains(tensor);

    /// <summary>Writes the elements of a tensor, which then says that they are here.</summary>
    public void Append(TensorProto tensor, IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        _stream ??= Create();
        var offset = (_stream.Position + alignment - 1) / alignment * alignment;
        // Not a seek alone: what is skipped at the end of a file would not be there.
        while (_stream.Position < offset)
            _stream.WriteByte(0);
        foreach (var piece in pieces)
            _stream.Write(piece.Span);

        _tensors.Add(tensor);
        TensorData.Clear(tensor);
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        Say("location", location);
        Say("offset", offset.ToString(CultureInfo.InvariantCulture));
        Say("length", (_stream.Position - offset).ToString(CultureInfo.InvariantCulture));

        void Say(string key, string value) =>
            tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
    }

    public void Dispose() => _stream?.Dispose();

    private FileStream Create()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
    }
}
