namespace Larder.Server.Configuration;

/// <summary>Where the server's certificate is. No record, whose text would show the password.</summary>
public sealed class CertificateFiles
{
    /// <summary>The certificate, followed by those between it and its root: PEM, or PKCS #12 with the key in it.</summary>
    public required string Path { get; init; }

    /// <summary>The private key in PEM; null where it is in the same file.</summary>
    public string? KeyPath { get; init; }

    /// <summary>What the key is encrypted with; null where it is not.</summary>
    public string? Password { get; init; }
}
