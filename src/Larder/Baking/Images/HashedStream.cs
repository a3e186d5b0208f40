using System.Security.Cryptography;
using Larder.Content;
using Larder.Pull.Archives;

namespace Larder.Baking.Images;

/// <summary>Hashes what is read of another stream.</summary>
internal sealed class HashedStream(Stream stream) : ReadOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override int Read(Span<byte> buffer)
    {
        var read = stream.Read(buffer);
        _hash.AppendData(buffer[..read]);
        return read;
    }

    /// <summary>Reads what is left and tells the digest of all of it.</summary>
    public Digest Finish()
    {
        var buffer = new byte[64 * 1024];
        while (Read(buffer) > 0)
        {
            // Only to be hashed.
        }
        return Digest.FromBytes(_hash.GetHashAndReset());
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();
        base.Dispose(disposing);
    }
}
