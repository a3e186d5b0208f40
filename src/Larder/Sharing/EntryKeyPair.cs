using System.Security.Cryptography;
using Larder.Content;

namespace Larder.Sharing;

/// <summary>A key that entries are signed with, or whose signatures are believed: ECDSA on P-256, with SHA-256.</summary>
internal sealed class EntryKeyPair : IDisposable
{
    private const string P256 = "1.2.840.10045.3.1.7";

    // Whether a key may be used by two at once is not said anywhere: its users take turns.
    private readonly Lock _lock = new();
    private readonly ECDsa _key;

    private EntryKeyPair(ECDsa key)
    {
        _key = key;
        Signer = Digest.Of(key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>The SHA-256 of the SubjectPublicKeyInfo: what the signer is called.</summary>
    public Digest Signer { get; }

    /// <summary>Reads a key that <see cref="FaultOf"/> has no fault to find with.</summary>
    public static EntryKeyPair FromPem(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return new EntryKeyPair(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Says what is wrong with a key, to be read after its name, and nothing of its text; null when nothing is.</summary>
    public static string? FaultOf(string? pem, bool isPrivate)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value != P256)
                return "is not on the curve P-256";
            if (isPrivate)
                key.SignHash(new byte[SHA256.HashSizeInBytes]);
            return null;
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            return isPrivate
                ? "is no private ECDSA key as PEM without a password (-----BEGIN PRIVATE KEY-----)"
                : "is no public ECDSA key as PEM (-----BEGIN PUBLIC KEY-----)";
        }
    }

    /// <summary>Signs; the signature is in the form of X9.62, as OpenSSL writes it.</summary>
    public byte[] Sign(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
            return _key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <summary>Whether a signature is this key's, of just these bytes.</summary>
    public bool HasSigned(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature)
    {
        lock (_lock)
            return _key.VerifyData(bytes, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    public void Dispose() => _key.Dispose();
}
