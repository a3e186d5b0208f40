using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Larder.TestKit.Hub;

/// <summary>A file of a commit at a <see cref="TestHub"/>.</summary>
/// <param name="Bytes">Its content.</param>
/// <param name="IsLarge">Whether the Hub keeps it in its file store (LFS, Xet) and not in git.</param>
public sealed record TestHubFile(byte[] Bytes, bool IsLarge)
{
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Bytes));

    /// <summary>What the file store calls it: not its SHA-256.</summary>
    public string XetHash { get; } = Convert.ToHexStringLower(SHA256.HashData([.. "xet"u8, .. Bytes]));

    /// <summary>Git's name of what git has: the content, or the pointer to it.</summary>
    public string Oid => GitNameOf(IsLarge ? Pointer : Bytes);

    public int PointerSize => Pointer.Length;

    private byte[] Pointer =>
        Encoding.ASCII.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"version https://git-lfs.github.com/spec/v1\noid sha256:{Sha256}\nsize {Bytes.Length}\n"
            )
        );

    [SuppressMessage("Security", "CA5350", Justification = "It is git's.")]
    public static string GitNameOf(byte[] content) =>
        Convert.ToHexStringLower(
            SHA1.HashData([
                .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {content.Length}\0")),
                .. content,
            ])
        );
}
