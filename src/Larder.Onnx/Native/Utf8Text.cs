using System.Runtime.InteropServices;
using System.Text;

namespace Larder.Onnx.Native;

/// <summary>Text as the C API takes and gives it: UTF-8 with a NUL at its end.</summary>
internal static unsafe class Utf8Text
{
    /// <summary>
    /// Refuses what is not valid instead of replacing it: a model must not see, or give, other text than was meant.
    /// </summary>
    public static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + '\0');

    public static string Read(byte* text) =>
        Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
}
