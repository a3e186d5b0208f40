using Microsoft.Win32.SafeHandles;

namespace Larder.Store.Scrub;

/// <summary>Reads bytes of an open file at an offset, 0 at its end; tests put a faulty disk in its place.</summary>
internal delegate int ReadBytes(string path, SafeFileHandle file, Span<byte> buffer, long offset);
