namespace Larder.Onnx.Native;

/// <summary>Names as the C API reads them, made once for a session.</summary>
/// <remarks>
/// The pointers are good for as long as this object is alive: both arrays are allocated where the collector moves
/// nothing.
/// </remarks>
internal sealed unsafe class NativeNames
{
    private readonly byte[] _text;

    public NativeNames(IReadOnlyList<TensorSpec> specs)
    {
        var names = specs.Select(spec => Utf8Text.Terminated(spec.Name)).ToList();
        _text = GC.AllocateArray<byte>(names.Sum(name => name.Length), pinned: true);
        Pointers = GC.AllocateArray<nint>(names.Count, pinned: true);
        var offset = 0;
        for (var i = 0; i < names.Count; i++)
        {
            names[i].CopyTo(_text, offset);
            fixed (byte* text = &_text[offset])
                Pointers[i] = (nint)text;
            offset += names[i].Length;
        }
    }

    public nint[] Pointers { get; }
}
