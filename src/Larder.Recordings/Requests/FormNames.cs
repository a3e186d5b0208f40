using Larder.Content;
using Larder.Content.Requests;

namespace Larder.Recordings.Requests;

/// <summary>The objects that stand in requests for what JSON has no form of; their first name is one that no caller's can be.</summary>
internal static class FormNames
{
    public const string Bytes = "$bytes";
    public const string Dictionary = "$dictionary";
    public const string Directory = "$directory";
    public const string File = "$file";
    public const string Form = "$form";
    public const string Number = "$number";
    public const string Pair = "$pair";
    public const string Set = "$set";
    public const string Stream = "$stream";
    public const string Tensor = "$tensor";
    public const string Value = "$value";

    /// <summary>Opens a form, at the value of its first name.</summary>
    public static void Open(RequestWriter request, string name)
    {
        request.Enter("{"u8);
        Next(request, name, isFirst: true);
    }

    /// <summary>Goes to the next name of an open form.</summary>
    public static void Next(RequestWriter request, string name, bool isFirst = false)
    {
        request.At(name);
        request.WriteComma(isFirst ? 0 : 1);
        request.WriteString(name);
        request.Output.WriteRaw(":"u8);
    }

    public static void Close(RequestWriter request) => request.Leave("}"u8);

    /// <summary>Writes the digest of some content, and closes the form.</summary>
    public static void CloseWith(RequestWriter request, Digest content)
    {
        Next(request, "sha256");
        request.WriteString(content.ToString());
        Close(request);
    }
}
